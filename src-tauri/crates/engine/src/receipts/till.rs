//! The X and the Z as blocks. Pure.

use super::words::Words;
use crate::kernel::money::Minor;
use crate::kernel::time;
use crate::payments::model::Tender;
use crate::printing::paper::Block;
use crate::restaurant::model::Settings;
use crate::staff::model::Role;
use crate::till::model::{Session, Totals};
use crate::till::store::Report;

/// The till as it stands, as somebody in that role is told it: what a Z would count now, and the drawer.
pub fn x(settings: &Settings, totals: Totals, session: Option<&Session>, role: Role, now_ms: i64) -> Vec<Block> {
    let words = Words::of(settings.locale);
    let amount = |minor: Minor| words.amount(minor, settings.currency);
    let mut blocks = vec![Block::Title(settings.name.clone()), Block::Gap, Block::Large(words.x_report.to_owned())];
    blocks.push(Block::pair(words.business_day, words.day(settings.business_date(now_ms))));
    blocks.push(Block::pair(words.printed, words.moment(time::local(now_ms, settings.time_zone))));
    blocks.extend(sums(settings, words, &totals.told_to(role, session.is_some())));
    if let Some(session) = session {
        blocks.push(Block::Rule);
        blocks.push(Block::pair(words.float, amount(session.float)));
        if session.is_told_to(role) {
            blocks.push(Block::sum(words.expected, amount(session.expected())));
        }
    }
    blocks
}

/// A day that is closed.
pub fn z(settings: &Settings, report: &Report) -> Vec<Block> {
    let words = Words::of(settings.locale);
    let mut blocks = vec![
        Block::Title(settings.name.clone()),
        Block::Gap,
        Block::Large(format!("{} {}", words.z_report, report.number)),
        Block::pair(
            words.business_day,
            report.business_date.parse().map_or_else(|_| report.business_date.clone(), |day| words.day(day)),
        ),
        Block::pair(words.closed, words.moment(time::local(report.closed_ms, settings.time_zone))),
        Block::text(2, format!("{} {}", words.by, report.closed_by_name)),
    ];
    blocks.extend(sums(settings, words, &report.totals));
    blocks.push(Block::Rule);
    blocks.push(Block::sum(words.over_short, words.amount(report.over_short, settings.currency)));
    blocks.push(Block::pair(words.handed_over, report.handed_over.to_string()));
    blocks
}

fn sums(settings: &Settings, words: &Words, totals: &Totals) -> Vec<Block> {
    let amount = |minor: Minor| words.amount(minor, settings.currency);
    let counted = |word: &str, count: i64, minor: Minor| Block::pair(format!("{word} ({count})"), amount(minor));
    let mut blocks = vec![
        Block::Rule,
        Block::pair(words.orders, totals.orders.to_string()),
        Block::pair(words.guests, totals.covers.to_string()),
        Block::pair(words.average, amount(totals.average_minor)),
        Block::sum(words.gross, format!("{} {}", settings.currency.code, amount(totals.gross_minor))),
        Block::pair(words.net, amount(totals.net_minor)),
    ];
    for tax in &totals.taxes {
        let left = format!("{} {} {} {}", words.tax, words.rate(tax.rate_bp), words.on, amount(tax.base_minor));
        blocks.push(Block::pair(left, amount(tax.tax_minor)));
    }
    blocks.push(Block::Rule);
    let tenders =
        [(Tender::Cash, totals.cash_minor), (Tender::Card, totals.card_minor), (Tender::Voucher, totals.voucher_minor)];
    let told = tenders.into_iter().filter_map(|(tender, minor)| Some((tender, minor?)));
    blocks.extend(told.map(|(tender, minor)| Block::pair(words.tender(tender), amount(minor))));
    if totals.refunds.count > 0 && totals.cash_minor.is_some() {
        blocks.push(Block::text(2, words.after_refunds));
    }
    blocks.push(Block::pair(words.tips, amount(totals.tips_minor)));
    for person in &totals.tips_by {
        blocks.push(Block::pair(format!("  {}", person.name), amount(person.tips_minor)));
    }
    blocks.push(Block::Rule);
    blocks.push(counted(words.voids, totals.voids.count, totals.voids.minor));
    blocks.push(counted(words.refunds, totals.refunds.count, totals.refunds.minor));
    let rest = [
        (words.discounts, totals.discounts_minor),
        (words.comps, totals.comps_minor),
        (words.service_charge, totals.service_charge_minor),
        (words.rounding, totals.rounding_minor),
        (words.pay_ins, totals.pay_ins_minor),
        (words.pay_outs, totals.pay_outs_minor),
        (words.drops, totals.drops_minor),
    ];
    let rest = rest.into_iter().filter(|(_, minor)| *minor != Minor::ZERO);
    blocks.extend(rest.map(|(word, minor)| Block::pair(word, amount(minor))));
    blocks
}
