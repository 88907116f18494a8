//! What a check comes to, before and after it was paid, as blocks. Pure.

use chrono::NaiveDateTime;

use super::words::Words;
use crate::kernel::ids::CheckId;
use crate::kernel::money::{Currency, Minor, RateTax, TaxMode};
use crate::kernel::time;
use crate::menu::model::Chosen;
use crate::orders::model::{Line, Order, Owing, Service};
use crate::payments::model::Payment;
use crate::printing::paper::Block;
use crate::restaurant::model::Settings;

/// A check, with what stands around it on paper.
pub struct Sheet<'a> {
    settings: &'a Settings,
    words: &'static Words,
    order: &'a Order,
    check: Owing,
    /// Equal parts it is one of; 1: it is a whole.
    parts: usize,
}

impl<'a> Sheet<'a> {
    /// None: the order has no such check.
    pub fn of(settings: &'a Settings, order: &'a Order, check: CheckId) -> Option<Self> {
        let owing = order.owing();
        let whole = owing.iter().find(|one| one.id == check)?.shares.unwrap_or(check);
        let parts = 1 + owing.iter().filter(|one| one.shares == Some(whole)).count();
        let check = owing.into_iter().find(|one| one.id == check)?;
        Some(Self { settings, words: Words::of(settings.locale), order, check, parts })
    }

    /// `A-0012`, `A-0012/2`.
    pub fn number(&self) -> &str {
        &self.check.number
    }

    /// Nothing was taken for it yet.
    pub fn is_unpaid(&self) -> bool {
        self.paid().next().is_none() && !self.is_paid()
    }

    pub fn is_paid(&self) -> bool {
        self.check.due() == Minor::ZERO
    }

    /// What is to be paid. It says that it is no receipt.
    pub fn bill(&self, now_ms: i64) -> Vec<Block> {
        let mut blocks = self.head(self.words.bill, None, self.local(now_ms));
        blocks.extend(self.sold());
        if self.check.paid != Minor::ZERO {
            blocks.extend(self.payments());
            blocks.push(Block::sum(self.words.due, self.full(self.check.due())));
        }
        blocks.push(Block::Gap);
        blocks.push(Block::Centre(self.words.not_a_receipt.to_owned()));
        blocks.extend(self.foot());
        blocks
    }

    /// What was paid, and how. `invoice`: its number, where one was issued.
    pub fn receipt(&self, invoice: Option<&str>) -> Vec<Block> {
        let paid_ms = self.paid().map(|payment| payment.taken_ms).max().unwrap_or(self.order.opened_ms);
        let mut blocks = self.head(self.words.receipt, invoice, self.local(paid_ms));
        blocks.extend(self.sold());
        blocks.extend(self.payments());
        if !self.is_paid() {
            blocks.push(Block::sum(self.words.due, self.full(self.check.due())));
        }
        blocks.extend(self.foot());
        blocks
    }

    fn head(&self, title: &str, invoice: Option<&str>, at: NaiveDateTime) -> Vec<Block> {
        let (words, order) = (self.words, self.order);
        let mut blocks: Vec<Block> = self.settings.receipt.logo.iter().cloned().map(Block::Logo).collect();
        blocks.push(Block::Title(self.settings.name.clone()));
        blocks.extend(self.settings.receipt.head.iter().cloned().map(Block::Centre));
        blocks.push(Block::Gap);
        blocks.push(Block::pair(title, words.moment(at)));
        let place = match (order.service, &order.table) {
            (Service::DineIn, Some(table)) => format!("{} {table}", words.table),
            (Service::DineIn, None) => String::new(),
            (Service::Takeaway, _) => words.takeaway.to_owned(),
            (Service::Delivery, _) => words.delivery.to_owned(),
        };
        let place = match order.covers {
            Some(covers) if !place.is_empty() => format!("{place} - {} {covers}", words.guests),
            _ => place,
        };
        blocks.push(Block::pair(place, self.check.number.clone()));
        if let Some(invoice) = invoice {
            blocks.push(Block::pair(words.invoice, invoice));
        }
        blocks.push(Block::text(0, format!("{} {}", words.served_by, order.opened_by_name)));
        blocks.push(Block::Rule);
        blocks
    }

    /// Lines, what is off and on top, the sum and its tax.
    fn sold(&self) -> Vec<Block> {
        let (words, bill) = (self.words, &self.check.bill);
        let mut blocks = Vec::new();
        let whole = self.check.shares.unwrap_or(self.check.id);
        for line in self.order.lines_of(whole) {
            blocks.extend(self.line(line));
        }
        blocks.push(Block::Rule);
        if self.parts > 1 {
            blocks.push(Block::text(0, format!("{} 1/{}", words.share, self.parts)));
        }
        let is_on_top = self.order.terms.tax_mode == TaxMode::Exclusive;
        if bill.discount != Minor::ZERO || bill.service_charge != Minor::ZERO || is_on_top {
            blocks.push(Block::pair(words.items, self.amount(bill.items)));
        }
        if bill.discount != Minor::ZERO {
            blocks.push(Block::pair(words.discount, self.amount(-bill.discount)));
        }
        if bill.service_charge != Minor::ZERO {
            blocks.push(Block::pair(words.service_charge, self.amount(bill.service_charge)));
        }
        if is_on_top {
            blocks.extend(self.taxes(words.tax));
        }
        blocks.push(Block::sum(words.total, self.full(bill.totals.gross)));
        if !is_on_top {
            blocks.extend(self.taxes(words.of_it_tax));
        }
        blocks
    }

    /// On a check that is shared the lines say what was eaten; the sums are of this share.
    fn line(&self, line: &Line) -> Vec<Block> {
        let words = self.words;
        let name = format!("{} {}", words.quantity(line.quantity_milli), line.name);
        let mut blocks = match self.parts {
            1 => vec![Block::pair(name, self.amount(line.total + line.discount + line.comp))],
            _ => vec![Block::text(0, name)],
        };
        for Chosen(name, _, count) in &line.modifiers {
            let times = if *count > 1 { format!("{count} ") } else { String::new() };
            blocks.push(Block::text(2, format!("+ {times}{name}")));
        }
        if self.parts == 1 && line.discount != Minor::ZERO {
            blocks.push(Block::pair(format!("  {}", words.discount), self.amount(-line.discount)));
        }
        if self.parts == 1 && line.comped_ms.is_some() {
            blocks.push(Block::pair(format!("  {}", words.on_the_house), self.amount(-line.comp)));
        }
        blocks
    }

    fn taxes(&self, word: &str) -> Vec<Block> {
        let (words, taxes) = (self.words, &self.check.bill.totals.taxes);
        let tax = |RateTax { rate_bp, base_minor, tax_minor }: &RateTax| {
            let left = format!("{word} {} {} {}", words.rate(*rate_bp), words.on, self.amount(*base_minor));
            Block::pair(left, self.amount(*tax_minor))
        };
        taxes.iter().map(tax).collect()
    }

    fn paid(&self) -> impl Iterator<Item = &Payment> {
        let of = |payment: &&Payment| !payment.is_off() && self.order.check_of(payment.check) == self.check.id;
        self.order.payments.iter().filter(of)
    }

    fn payments(&self) -> Vec<Block> {
        let words = self.words;
        let mut blocks = vec![Block::Gap];
        for payment in self.paid() {
            blocks.push(Block::pair(words.tender(payment.tender), self.amount(payment.amount)));
            let rest = [(words.rounding, payment.rounding), (words.tip, payment.tip)];
            let rest = rest.into_iter().filter(|(_, amount)| *amount != Minor::ZERO);
            blocks.extend(rest.map(|(word, amount)| Block::pair(format!("  {word}"), self.amount(amount))));
            if payment.change() != Minor::ZERO {
                let given = payment.tendered.unwrap_or(payment.taken());
                blocks.push(Block::pair(format!("  {}", words.given), self.amount(given)));
                blocks.push(Block::pair(format!("  {}", words.change), self.amount(payment.change())));
            }
            if payment.refunded != Minor::ZERO {
                blocks.push(Block::pair(format!("  {}", words.refunded), self.amount(-payment.refunded)));
            }
        }
        blocks
    }

    fn foot(&self) -> Vec<Block> {
        let lines = self.settings.receipt.foot.iter().cloned().map(Block::Centre);
        std::iter::once(Block::Gap).chain(lines).collect()
    }

    fn local(&self, at_ms: i64) -> NaiveDateTime {
        time::local(at_ms, self.settings.time_zone)
    }

    fn currency(&self) -> Currency {
        self.order.terms.currency
    }

    fn amount(&self, minor: Minor) -> String {
        self.words.amount(minor, self.currency())
    }

    /// With its currency.
    fn full(&self, minor: Minor) -> String {
        format!("{} {}", self.currency().code, self.amount(minor))
    }
}
