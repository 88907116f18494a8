use std::io::Write;

use super::*;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn write(folder: &Path, date: NaiveDate, lines: impl IntoIterator<Item = u32>) {
    let path = folder.join(format!("requests.{date}.log"));
    let mut file = File::options().create(true).append(true).open(path).unwrap();
    for n in lines {
        let level = if n % 10 == 0 { "WARN" } else { "INFO" };
        writeln!(
            file,
            r#"{{"timestamp":"{date}T12:00:00.5Z","level":"{level}","fields":{{"message":"request","n":{n}}},"target":"requests"}}"#
        )
        .unwrap();
    }
}

fn numbers(slice: &Slice) -> Vec<u64> {
    slice.lines.iter().map(|line| line.fields["n"].as_u64().unwrap()).collect()
}

fn read(folder: &Path, spot: Option<Spot>, wish: &Wish, limit: usize) -> Slice {
    before(folder, Stream::Requests, spot, wish, limit).unwrap()
}

#[test]
fn pages_backwards_meet_every_line_once_over_all_days() {
    let folder = tempfile::tempdir().unwrap();
    // Some thousand lines: a day is several blocks.
    write(folder.path(), day(19), 0..5_000);
    write(folder.path(), day(20), 5_000..5_003);
    write(folder.path(), day(21), 5_003..12_000);
    let mut all = Vec::new();
    let mut spot = None;
    loop {
        let slice = read(folder.path(), spot, &Wish::default(), 700);
        all.splice(0..0, numbers(&slice));
        spot = slice.older;
        if spot.is_none() {
            break;
        }
    }
    assert_eq!(all, (0..12_000).collect::<Vec<_>>());
}

#[test]
fn what_is_written_later_comes_once_and_a_half_line_only_when_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), day(20), 0..10);
    let newest = read(folder.path(), None, &Wish::default(), 3);
    assert_eq!(numbers(&newest), [7, 8, 9]);
    let spot = newest.newer.unwrap();
    let nothing = after(folder.path(), Stream::Requests, spot, &Wish::default(), 100).unwrap();
    assert!(nothing.lines.is_empty());

    write(folder.path(), day(20), 10..12);
    let path = folder.path().join(format!("requests.{}.log", day(20)));
    File::options().append(true).open(path).unwrap().write_all(b"{\"timestamp\":").unwrap();
    write(folder.path(), day(21), 12..14);
    let more = after(folder.path(), Stream::Requests, spot, &Wish::default(), 3).unwrap();
    assert_eq!(numbers(&more), [10, 11, 12]);
    let rest = after(folder.path(), Stream::Requests, more.newer.unwrap(), &Wish::default(), 3).unwrap();
    assert_eq!(numbers(&rest), [13]);
}

#[test]
fn lines_are_found_by_level_and_by_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), day(20), 0..1_000);
    let warnings = Wish { level: Some(Level::Warn), ..Wish::default() };
    assert_eq!(numbers(&read(folder.path(), None, &warnings, 2)), [980, 990]);
    let text = Wish { text: Some("\"N\":777}".to_owned()), ..Wish::default() };
    assert_eq!(numbers(&read(folder.path(), None, &text, 10)), [777]);
}

#[test]
fn a_line_that_is_none_of_ours_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("requests.{}.log", day(20)));
    std::fs::write(&path, b"not JSON\n\xff\xfe\n\n").unwrap();
    write(folder.path(), day(20), 5..6);
    assert_eq!(numbers(&read(folder.path(), None, &Wish::default(), 10)), [5]);
    assert!(read(&folder.path().join("nowhere"), None, &Wish::default(), 10).lines.is_empty());
}
