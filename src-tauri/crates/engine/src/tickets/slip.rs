//! A kitchen ticket as blocks: large where a cook looks first. Pure.

use chrono::NaiveDateTime;

use crate::menu::model::Chosen;
use crate::orders::model::Service;
use crate::orders::view::quantity;
use crate::printing::paper::Block;
use crate::restaurant::model::Locale;

struct Words {
    table: &'static str,
    seat: &'static str,
    course: &'static str,
    takeaway: &'static str,
    delivery: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::En => {
            Words { table: "Table", seat: "seat", course: "course", takeaway: "TAKEAWAY", delivery: "DELIVERY" }
        }
        Locale::Es => {
            Words { table: "Mesa", seat: "asiento", course: "pase", takeaway: "PARA LLEVAR", delivery: "A DOMICILIO" }
        }
    }
}

/// A line as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipLine {
    pub name: String,
    pub modifiers: Vec<Chosen>,
    pub milli: i64,
    pub note: Option<String>,
    pub seat: Option<i64>,
    pub course: Option<i64>,
}

/// What a ticket says above its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Of the station whose food it is.
    pub station: String,
    pub number: String,
    pub table: Option<String>,
    pub service: Service,
    pub fired: NaiveDateTime,
}

pub fn blocks(head: &Head, lines: &[SlipLine], locale: Locale) -> Vec<Block> {
    let words = words(locale);
    let mut blocks = vec![Block::Title(head.station.to_uppercase())];
    blocks.push(Block::Large(format!("{}  {}", head.number, head.fired.format("%H:%M"))));
    match (head.service, &head.table) {
        (Service::Takeaway, _) => blocks.push(Block::Large(words.takeaway.to_owned())),
        (Service::Delivery, _) => blocks.push(Block::Large(words.delivery.to_owned())),
        (Service::DineIn, Some(table)) => blocks.push(Block::Large(format!("{} {table}", words.table))),
        (Service::DineIn, None) => {}
    }
    blocks.push(Block::Rule);
    for line in lines {
        let text = format!("{} {}", quantity(line.milli), line.name);
        blocks.push(Block::Strong { text, indent: 0 });
        for Chosen(name, _, count) in &line.modifiers {
            let times = if *count > 1 { format!("{count} ") } else { String::new() };
            blocks.push(Block::text(4, format!("+ {times}{name}")));
        }
        if let Some(note) = &line.note {
            blocks.push(Block::Strong { text: format!("! {note}"), indent: 4 });
        }
        let small: Vec<String> = [(words.seat, line.seat), (words.course, line.course)]
            .into_iter()
            .filter_map(|(word, number)| number.map(|number| format!("{word} {number}")))
            .collect();
        if !small.is_empty() {
            blocks.push(Block::text(4, small.join(", ")));
        }
    }
    blocks.push(Block::Rule);
    blocks
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::kernel::money::Minor;
    use crate::printing::paper;

    #[test]
    fn a_slip_says_what_to_make() {
        let line = SlipLine {
            name: "Margherita, large, from the wood-fired oven in the yard".to_owned(),
            modifiers: vec![Chosen("Extra cheese".to_owned(), Minor(100), 2)],
            milli: 1500,
            note: Some("no basil".to_owned()),
            seat: Some(3),
            course: None,
        };
        let head = Head {
            station: "Grill".to_owned(),
            number: "A-0007".to_owned(),
            table: Some("4".to_owned()),
            service: Service::DineIn,
            fired: NaiveDate::from_ymd_opt(2026, 6, 12).and_then(|day| day.and_hms_opt(19, 5, 0)).unwrap(),
        };
        let shown = |locale| {
            let rows = paper::rows(&blocks(&head, std::slice::from_ref(&line), locale), 42);
            rows.into_iter().map(|row| row.text).collect::<Vec<_>>().join("\n")
        };
        let rule = "-".repeat(42);
        let expect = format!(
            "        GRILL\nA-0007  19:05\nTable 4\n{rule}\n1.5 Margherita, large, from the wood-fired\n  oven in the yard\n    \
             + 2 Extra cheese\n    ! no basil\n    seat 3\n{rule}"
        );
        assert_eq!(shown(Locale::En), expect);
        assert!(shown(Locale::Es).contains("Mesa 4"));
    }
}
