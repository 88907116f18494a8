//! Files of sales, clean and dirty.

use super::*;

const RULES: Rules = Rules { exponent: 2, default_rate_bp: 1000 };

fn reading(file: &[u8]) -> Reading {
    read(file, &Mapping::default(), RULES, |_| {}).expect("a readable file")
}

#[test]
fn rows_with_one_order_and_date_are_one_order() {
    let file = b"id,date,time,name,size,type,price\n\
        1,2015-01-01,11:38:36,hawaiian,M,classic,13.25\n\
        2,2015-01-01,11:57:40,mexicana,L,veggie,20.25\n\
        1,2015-01-01,11:38:30,hawaiian,M,classic,13.25\n\
        1,2015-01-02,09:00,hawaiian,M,classic,13.25\n";
    let reading = reading(file);
    let orders: Vec<_> = reading
        .orders
        .iter()
        .map(|order| (order.source_id.as_str(), order.at.to_string(), order.lines.clone()))
        .collect();
    assert_eq!(
        orders,
        [
            ("1", "2015-01-01 11:38:30".to_owned(), vec![(0, 1000), (0, 1000)]),
            ("2", "2015-01-01 11:57:40".to_owned(), vec![(1, 1000)]),
            ("1", "2015-01-02 09:00:00".to_owned(), vec![(0, 1000)]),
        ]
    );
    assert_eq!(reading.things[0].name, "hawaiian M");
    assert_eq!(reading.things[0].category.as_deref(), Some("classic"));
    assert_eq!((reading.rows, reading.lines(), reading.dirty_count), (4, 4, 0));
}

#[test]
fn every_kind_of_dirty_row_is_listed_with_line_and_reason() {
    let long = "x".repeat(VALUE_MAX + 1);
    let mut file = b"id,date,time,name,price,qty\n".to_vec();
    let rows = [
        ("1,2015-01-01,10:00,ok,5.00,1".to_owned(), None),
        (",2015-01-01,10:00,a,5.00,1".to_owned(), Some(DirtyKind::MissingId)),
        ("3,2015-13-01,10:00,a,5.00,1".to_owned(), Some(DirtyKind::BadDate)),
        ("4,2015-01-01,25:00,a,5.00,1".to_owned(), Some(DirtyKind::BadTime)),
        ("5,2015-01-01,10:00,a,five,1".to_owned(), Some(DirtyKind::BadPrice)),
        ("6,2015-01-01,10:00,a,-5.00,1".to_owned(), Some(DirtyKind::Negative)),
        ("7,2015-01-01,10:00,a,5.00".to_owned(), Some(DirtyKind::WrongColumnCount)),
        ("8,2015-01-01,10:00,<b></b>,5.00,1".to_owned(), Some(DirtyKind::MissingItem)),
        (format!("9,2015-01-01,10:00,{long},5.00,1"), Some(DirtyKind::TooLong)),
        ("10,2015-01-01,10:00,a,5.00,none".to_owned(), Some(DirtyKind::BadQuantity)),
        ("11,2015-01-01,10:00,\"two\nlines\",5.00,1".to_owned(), None),
        ("12,2015-01-01,10:00,a,5.00,-1".to_owned(), Some(DirtyKind::Negative)),
    ];
    for (row, _) in &rows {
        file.extend_from_slice(row.as_bytes());
        file.push(b'\n');
    }
    file.extend_from_slice(b"13,2015-01-01,10:00,caf\xe9,5.00,1\n");
    let reading = reading(&file);
    let mut expect: Vec<(u64, DirtyKind)> = Vec::new();
    let mut line = 2;
    for (row, kind) in &rows {
        expect.extend(kind.map(|kind| (line, kind)));
        line += 1 + row.matches('\n').count() as u64;
    }
    expect.push((line, DirtyKind::NotUtf8));
    assert_eq!(reading.dirty.iter().map(|row| (row.line, row.kind)).collect::<Vec<_>>(), expect);
    assert_eq!((reading.rows, reading.dirty_count, reading.orders.len()), (13, 11, 2));
    assert_eq!(reading.dirty[3].reason, "\"five\" is not a price with at most 2 decimals");
    assert_eq!(reading.dirty[3].raw, "5,2015-01-01,10:00,a,five,1");
}

#[test]
fn many_dirty_rows_are_counted_and_the_first_listed() {
    let mut file = b"id,date,name,price\n".to_vec();
    for _ in 0..DIRTY_LISTED_MAX + 50 {
        file.extend_from_slice(b"1,never,a,1\n");
    }
    let reading = reading(&file);
    assert_eq!(reading.dirty.len(), DIRTY_LISTED_MAX);
    assert_eq!(reading.dirty_count, DIRTY_LISTED_MAX as u64 + 50);
}

#[test]
fn an_order_has_an_end() {
    let mut file = b"id,date,name,price\n".to_vec();
    for _ in 0..=ORDER_ROWS_MAX {
        file.extend_from_slice(b"1,2015-01-01,a,1\n");
    }
    let reading = reading(&file);
    assert_eq!((reading.lines(), reading.dirty_count), (ORDER_ROWS_MAX, 1));
    assert_eq!(reading.dirty[0].kind, DirtyKind::TooMany);
}

#[test]
fn a_file_from_elsewhere_is_read_by_its_signs() {
    let file = "\u{feff}Pedido;Fecha;Hora;Artículo;Cantidad;Precio;IVA\r\n\
        A1;13/01/2015;11:38;Tortilla;2;3,50;10\r\n\
        A2;02/03/2015;21:15;Caña;0,5;2,00;\r\n";
    let reading = reading(file.as_bytes());
    assert_eq!(reading.dirty, []);
    assert_eq!(reading.orders[1].at.to_string(), "2015-03-02 21:15:00");
    assert_eq!(reading.orders[1].lines, [(1, 500)]);
    assert_eq!((reading.things[0].price, reading.things[0].rate_bp), (350, 1000));
    assert_eq!(reading.things[1].rate_bp, 1000, "the restaurant's default");
}

#[test]
fn a_file_that_is_none_is_refused() {
    let refusal = |file: &[u8]| read(file, &Mapping::default(), RULES, |_| {}).expect_err("refused");
    assert_eq!(refusal(b"").message, "The file is empty.");
    assert_eq!(refusal(b"a,b,c\n1,2,3\n").field.as_deref(), Some("order_id"));
    assert_eq!(refusal(b"\xff\xfe,b\n").code, Code::InvalidInput);
    assert_eq!(unpack(b"\x1f\x8bnonsense").expect_err("refused").code, Code::InvalidInput);
}

#[test]
fn the_fingerprint_is_of_file_and_mapping() {
    let file = b"id,order,date,name,price\n1,2,2015-01-01,a,1\n";
    let of = |wanted: Mapping| read(file, &wanted, RULES, |_| {}).expect("readable").fingerprint;
    let by_id = Mapping { order_id: Some("id".into()), ..Mapping::default() };
    let by_order = Mapping { order_id: Some("order".into()), ..Mapping::default() };
    assert_eq!(of(Mapping::default()), of(by_order));
    assert_ne!(of(Mapping::default()), of(by_id));
}

#[test]
fn pizzaplace_is_read_to_the_cent() {
    let packed = include_bytes!("../../../../../../tests/data/pizzaplace.csv.gz");
    let reading = reading(&unpack(packed).expect("gzip"));
    let total: i64 = reading
        .orders
        .iter()
        .flat_map(|order| &order.lines)
        .map(|&(thing, milli)| reading.things[thing].price * milli / 1000)
        .sum();
    assert_eq!((reading.rows, reading.orders.len(), reading.things.len()), (49_574, 21_350, 91));
    assert_eq!(total, 81_786_005);
    assert_eq!(reading.dirty_count, 0);
}
