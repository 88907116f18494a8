//! Which column holds what: recognised by its name, or said by the caller.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Refusal;

/// Longest name of a column, in characters.
const COLUMN_MAX: usize = 200;

/// The name of the column for each thing a sale has. As a request: what is left out is recognised, and an empty
/// name says that the file does not have it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[garde(allow_unvalidated)]
pub struct Mapping {
    /// Rows with the same order and date are one order.
    #[garde(length(chars, max = COLUMN_MAX))]
    pub order_id: Option<String>,
    #[garde(length(chars, max = COLUMN_MAX))]
    pub date: Option<String>,
    /// May be missing if the date holds it; else noon is taken.
    #[garde(length(chars, max = COLUMN_MAX))]
    pub time: Option<String>,
    #[garde(length(chars, max = COLUMN_MAX))]
    pub item: Option<String>,
    /// Follows the item's name: a size.
    #[garde(length(chars, max = COLUMN_MAX))]
    pub variant: Option<String>,
    #[garde(length(chars, max = COLUMN_MAX))]
    pub category: Option<String>,
    /// Of one unit, with tax inside.
    #[garde(length(chars, max = COLUMN_MAX))]
    pub price: Option<String>,
    /// Left out: one.
    #[garde(length(chars, max = COLUMN_MAX))]
    pub quantity: Option<String>,
    /// The tax rate in per cent. Left out: the restaurant's default.
    #[garde(length(chars, max = COLUMN_MAX))]
    pub tax: Option<String>,
}

/// Where in a row each thing stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    pub order_id: usize,
    pub date: usize,
    pub time: Option<usize>,
    pub item: usize,
    pub variant: Option<usize>,
    pub category: Option<usize>,
    pub price: usize,
    pub quantity: Option<usize>,
    pub tax: Option<usize>,
}

/// Names we know, in English and Spanish, bare of case, accents and signs; the likeliest first.
const ORDER_ID: &[&str] = &[
    "orderid",
    "ordernumber",
    "orderno",
    "ordernr",
    "order",
    "ticketid",
    "ticketnumber",
    "ticketno",
    "ticket",
    "checkid",
    "checknumber",
    "checkno",
    "check",
    "receiptid",
    "receiptnumber",
    "receipt",
    "billid",
    "bill",
    "invoiceid",
    "invoicenumber",
    "invoice",
    "transactionid",
    "transaction",
    "saleid",
    "idpedido",
    "numeropedido",
    "nropedido",
    "pedido",
    "comanda",
    "idventa",
    "venta",
    "cuenta",
    "factura",
    "recibo",
    "id",
];
const DATE: &[&str] = &[
    "date",
    "orderdate",
    "saledate",
    "businessdate",
    "transactiondate",
    "day",
    "datetime",
    "orderdatetime",
    "timestamp",
    "createdat",
    "openedat",
    "closedat",
    "fecha",
    "fechapedido",
    "fechaventa",
    "fechahora",
    "dia",
];
const TIME: &[&str] = &["time", "ordertime", "saletime", "transactiontime", "hour", "hora", "horapedido", "horaventa"];
const ITEM: &[&str] = &[
    "itemname",
    "item",
    "menuitem",
    "productname",
    "product",
    "dish",
    "articlename",
    "article",
    "pizzaname",
    "name",
    "description",
    "articulo",
    "producto",
    "nombreproducto",
    "plato",
    "nombre",
    "descripcion",
];
const VARIANT: &[&str] =
    &["variant", "variantname", "size", "itemsize", "variation", "option", "variante", "tamano", "talla", "opcion"];
const CATEGORY: &[&str] = &[
    "category",
    "categoryname",
    "itemcategory",
    "menucategory",
    "group",
    "department",
    "section",
    "type",
    "itemtype",
    "categoria",
    "familia",
    "grupo",
    "seccion",
    "tipo",
];
const PRICE: &[&str] = &[
    "unitprice",
    "itemprice",
    "priceeach",
    "price",
    "preciounitario",
    "preciounidad",
    "precio",
    "pvp",
    "importe",
    "amount",
];
const QUANTITY: &[&str] =
    &["quantity", "qty", "count", "units", "itemquantity", "pcs", "cantidad", "cant", "unidades", "uds"];
const TAX: &[&str] = &["taxrate", "vatrate", "taxpercent", "vat", "tax", "iva", "tipoiva", "impuesto", "gst"];

/// A column's name without case, accents, spaces and signs.
fn bare(name: &str) -> String {
    let plain = |letter: char| match letter {
        'á' | 'à' | 'ä' | 'â' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ñ' => 'n',
        other => other,
    };
    name.to_lowercase().chars().map(plain).filter(|letter| letter.is_ascii_alphanumeric()).collect()
}

/// Finds every column, and the mapping as it stands then. A name the caller gave must exist.
pub fn place(columns: &[String], wanted: &Mapping) -> Result<(Places, Mapping), Refusal> {
    let bare: Vec<String> = columns.iter().map(|name| bare(name)).collect();
    let mut taken = vec![false; columns.len()];
    let mut named = |field: &'static str, name: &Option<String>| -> Result<Option<usize>, Refusal> {
        let Some(name) = name.as_ref().filter(|name| !name.is_empty()) else { return Ok(None) };
        let at = columns.iter().position(|column| column == name).ok_or_else(|| {
            Refusal::invalid(field, format!("The file has no column {name:?}."))
                .with_details(serde_json::json!({ "columns": columns }))
        })?;
        taken[at] = true;
        Ok(Some(at))
    };
    let wants = [
        &wanted.order_id,
        &wanted.date,
        &wanted.time,
        &wanted.item,
        &wanted.variant,
        &wanted.category,
        &wanted.price,
        &wanted.quantity,
        &wanted.tax,
    ];
    // What the caller says goes first, so that no guess takes a column they named.
    let said = [
        named("order_id", &wanted.order_id)?,
        named("date", &wanted.date)?,
        named("time", &wanted.time)?,
        named("item", &wanted.item)?,
        named("variant", &wanted.variant)?,
        named("category", &wanted.category)?,
        named("price", &wanted.price)?,
        named("quantity", &wanted.quantity)?,
        named("tax", &wanted.tax)?,
    ];
    let known = [ORDER_ID, DATE, TIME, ITEM, VARIANT, CATEGORY, PRICE, QUANTITY, TAX];
    let mut found = [None; 9];
    for (at, (said, known)) in said.into_iter().zip(known).enumerate() {
        let is_absent = wants[at].as_deref() == Some("");
        found[at] = said.or_else(|| {
            if is_absent {
                return None;
            }
            let free = |name: &str| (0..bare.len()).find(|&column| !taken[column] && bare[column] == name);
            known.iter().find_map(|name| free(name))
        });
        if let Some(column) = found[at] {
            taken[column] = true;
        }
    }
    let must = |at: usize, field: &'static str| {
        found[at].ok_or_else(|| {
            Refusal::invalid(field, "No column of the file was recognised for this: name one.")
                .with_details(serde_json::json!({ "columns": columns }))
        })
    };
    let name = |at: usize| found[at].map(|column| columns[column].clone());
    let mapping = Mapping {
        order_id: name(0),
        date: name(1),
        time: name(2),
        item: name(3),
        variant: name(4),
        category: name(5),
        price: name(6),
        quantity: name(7),
        tax: name(8),
    };
    let places = Places {
        order_id: must(0, "order_id")?,
        date: must(1, "date")?,
        time: found[2],
        item: must(3, "item")?,
        variant: found[4],
        category: found[5],
        price: must(6, "price")?,
        quantity: found[7],
        tax: found[8],
    };
    Ok((places, mapping))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(columns: &str, expect: [&str; 9]) {
        let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
        let (_, mapping) = place(&columns, &Mapping::default()).expect("all needed columns are there");
        let Mapping { order_id, date, time, item, variant, category, price, quantity, tax } = mapping;
        let found = [order_id, date, time, item, variant, category, price, quantity, tax];
        assert_eq!(found.each_ref().map(|name| name.as_deref().unwrap_or("-")), expect);
    }

    #[test]
    fn columns_are_recognised_in_two_languages_and_many_spellings() {
        check("id,date,time,name,size,type,price", ["id", "date", "time", "name", "size", "type", "price", "-", "-"]);
        check(
            "Order ID,Order Date,Item Name,Qty,Unit Price,VAT rate",
            ["Order ID", "Order Date", "-", "Item Name", "-", "-", "Unit Price", "Qty", "VAT rate"],
        );
        check(
            "Nº,Pedido,Fecha,Hora,Artículo,Tamaño,Categoría,Precio unitario,Cantidad,IVA",
            ["Pedido", "Fecha", "Hora", "Artículo", "Tamaño", "Categoría", "Precio unitario", "Cantidad", "IVA"],
        );
    }

    #[test]
    fn what_the_caller_says_goes_before_what_is_recognised() {
        let columns: Vec<String> = ["id", "order", "date", "name", "price"].map(str::to_owned).into();
        let wanted = Mapping { order_id: Some("id".into()), ..Mapping::default() };
        assert_eq!(place(&columns, &wanted).map(|found| found.0.order_id), Ok(0));
        assert_eq!(place(&columns, &Mapping::default()).map(|found| found.0.order_id), Ok(1));
    }

    #[test]
    fn a_column_that_looks_right_is_left_alone_when_the_caller_says_there_is_none() {
        let columns: Vec<String> = ["id", "date", "name", "price", "tax"].map(str::to_owned).into();
        let wanted = Mapping { tax: Some(String::new()), ..Mapping::default() };
        assert_eq!(place(&columns, &Mapping::default()).map(|found| found.0.tax), Ok(Some(4)));
        let (places, mapping) = place(&columns, &wanted).expect("the rest is there");
        assert_eq!((places.tax, mapping.tax), (None, None));
        let needed = Mapping { price: Some(String::new()), ..Mapping::default() };
        assert_eq!(place(&columns, &needed).expect_err("it is needed").field.as_deref(), Some("price"));
    }

    #[test]
    fn a_missing_or_wrong_column_is_refused_by_its_field() {
        let columns: Vec<String> = ["id", "date", "name"].map(str::to_owned).into();
        let field = |wanted: &Mapping| place(&columns, wanted).expect_err("refused").field;
        assert_eq!(field(&Mapping::default()).as_deref(), Some("price"));
        assert_eq!(field(&Mapping { tax: Some("nope".into()), ..Mapping::default() }).as_deref(), Some("tax"));
    }
}
