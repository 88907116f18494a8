//! What stands on a receipt beside names and figures. Pure.

use chrono::{NaiveDate, NaiveDateTime};

use crate::exports::fields;
use crate::kernel::money::{Currency, Minor};
use crate::orders::view::quantity;
use crate::payments::model::Tender;
use crate::restaurant::model::Locale;

/// The words of one language, and how it writes figures.
pub struct Words {
    locale: Locale,
    /// How a day is written, for chrono.
    day: &'static str,
    pub bill: &'static str,
    pub not_a_receipt: &'static str,
    pub receipt: &'static str,
    pub invoice: &'static str,
    pub table: &'static str,
    pub guests: &'static str,
    pub served_by: &'static str,
    pub takeaway: &'static str,
    pub delivery: &'static str,
    pub on_the_house: &'static str,
    pub discount: &'static str,
    pub items: &'static str,
    pub service_charge: &'static str,
    pub share: &'static str,
    pub total: &'static str,
    pub tax: &'static str,
    pub of_it_tax: &'static str,
    pub on: &'static str,
    pub rounding: &'static str,
    pub tip: &'static str,
    pub given: &'static str,
    pub change: &'static str,
    pub refunded: &'static str,
    pub due: &'static str,
    cash: &'static str,
    card: &'static str,
    voucher: &'static str,
    pub x_report: &'static str,
    pub z_report: &'static str,
    pub business_day: &'static str,
    pub printed: &'static str,
    pub closed: &'static str,
    pub by: &'static str,
    pub orders: &'static str,
    pub average: &'static str,
    pub gross: &'static str,
    pub net: &'static str,
    pub discounts: &'static str,
    pub comps: &'static str,
    pub voids: &'static str,
    pub refunds: &'static str,
    pub after_refunds: &'static str,
    pub tips: &'static str,
    pub pay_ins: &'static str,
    pub pay_outs: &'static str,
    pub drops: &'static str,
    pub float: &'static str,
    pub expected: &'static str,
    pub over_short: &'static str,
    pub handed_over: &'static str,
    pub test: &'static str,
}

const ENGLISH: Words = Words {
    locale: Locale::En,
    day: "%-d %b %Y",
    bill: "BILL",
    not_a_receipt: "This is not a receipt.",
    receipt: "RECEIPT",
    invoice: "Invoice",
    table: "Table",
    guests: "Guests",
    served_by: "Served by",
    takeaway: "Takeaway",
    delivery: "Delivery",
    on_the_house: "On the house",
    discount: "Discount",
    items: "Items",
    service_charge: "Service charge",
    share: "Share",
    total: "TOTAL",
    tax: "Tax",
    of_it_tax: "Tax in it",
    on: "on",
    rounding: "Rounding",
    tip: "Tip",
    given: "Given",
    change: "Change",
    refunded: "Given back",
    due: "STILL DUE",
    cash: "Cash",
    card: "Card",
    voucher: "Voucher",
    x_report: "X REPORT",
    z_report: "Z REPORT",
    business_day: "Business day",
    printed: "Printed",
    closed: "Closed",
    by: "by",
    orders: "Orders",
    average: "Average",
    gross: "Sales",
    net: "Net",
    discounts: "Discounts",
    comps: "On the house",
    voids: "Voids",
    refunds: "Refunds",
    after_refunds: "after refunds",
    tips: "Tips",
    pay_ins: "Paid in",
    pay_outs: "Paid out",
    drops: "To the safe",
    float: "Float",
    expected: "Should be in the drawer",
    over_short: "Over or short",
    handed_over: "Orders handed over",
    test: "This printer prints.",
};

const SPANISH: Words = Words {
    locale: Locale::Es,
    day: "%d/%m/%Y",
    bill: "CUENTA",
    not_a_receipt: "Este documento no es un recibo.",
    receipt: "RECIBO",
    invoice: "Factura",
    table: "Mesa",
    guests: "Comensales",
    served_by: "Atendido por",
    takeaway: "Para llevar",
    delivery: "A domicilio",
    on_the_house: "Invitación",
    discount: "Descuento",
    items: "Artículos",
    service_charge: "Servicio",
    share: "Parte",
    total: "TOTAL",
    tax: "Impuesto",
    of_it_tax: "Impuesto incluido",
    on: "sobre",
    rounding: "Redondeo",
    tip: "Propina",
    given: "Entregado",
    change: "Cambio",
    refunded: "Devuelto",
    due: "PENDIENTE",
    cash: "Efectivo",
    card: "Tarjeta",
    voucher: "Vale",
    x_report: "INFORME X",
    z_report: "INFORME Z",
    business_day: "Día",
    printed: "Impreso",
    closed: "Cerrado",
    by: "por",
    orders: "Pedidos",
    average: "Media",
    gross: "Ventas",
    net: "Neto",
    discounts: "Descuentos",
    comps: "Invitaciones",
    voids: "Anulaciones",
    refunds: "Devoluciones",
    after_refunds: "menos las devoluciones",
    tips: "Propinas",
    pay_ins: "Entradas de caja",
    pay_outs: "Salidas de caja",
    drops: "A la caja fuerte",
    float: "Fondo",
    expected: "Debería haber en la caja",
    over_short: "Sobra o falta",
    handed_over: "Pedidos traspasados",
    test: "Esta impresora imprime.",
};

impl Words {
    pub const fn of(locale: Locale) -> &'static Words {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    pub const fn tender(&self, tender: Tender) -> &'static str {
        match tender {
            Tender::Cash => self.cash,
            Tender::Card => self.card,
            Tender::Voucher => self.voucher,
        }
    }

    fn decimals(&self, text: String) -> String {
        match self.locale {
            Locale::En => text,
            Locale::Es => text.replace('.', ","),
        }
    }

    /// An amount with the decimals of its currency and this language's sign between them.
    pub fn amount(&self, minor: Minor, currency: Currency) -> String {
        self.decimals(fields::amount(minor, currency.exponent))
    }

    pub fn day(&self, day: NaiveDate) -> String {
        day.format(self.day).to_string()
    }

    /// To the minute.
    pub fn moment(&self, at: NaiveDateTime) -> String {
        format!("{} {}", self.day(at.date()), at.format("%H:%M"))
    }

    /// Basis points as a percentage.
    pub fn rate(&self, bp: i64) -> String {
        format!("{} %", self.decimals(quantity(bp * 10)))
    }

    /// Thousandths.
    pub fn quantity(&self, milli: i64) -> String {
        self.decimals(quantity(milli))
    }
}
