//! How SQLite runs a statement, in its own words, and what in them is a scan.

/// One line of a plan. <https://www.sqlite.org/eqp.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How far it is inside another.
    pub depth: u8,
    pub text: String,
}

impl Step {
    /// The table that is read from end to end, if one is.
    pub fn scans(&self) -> Option<&str> {
        let table = self.text.strip_prefix("SCAN ")?.split(' ').next()?;
        // Rows of a list in the statement, a subquery that is kept, and full text, which is an index itself.
        let is_table = table != "CONSTANT" && !table.starts_with('(') && !self.text.contains("VIRTUAL TABLE");
        is_table.then_some(table)
    }

    /// The index it goes by.
    pub fn index(&self) -> Option<&str> {
        self.text.split_once("INDEX ").map(|(_, rest)| rest.split(' ').next().unwrap_or(rest))
    }
}

/// The table that a statement calls by this name: a plan says `o` where `FROM orders o` does.
pub fn table_of<'a>(sql: &'a str, name: &'a str) -> &'a str {
    let words: Vec<&str> = sql.split_whitespace().map(|word| word.trim_matches(['(', ')', ','])).collect();
    let called = words.windows(3).find_map(|three| match *three {
        ["FROM" | "JOIN", table, alias] if alias == name => Some(table),
        [table, "AS", alias] if alias == name => Some(table),
        _ => None,
    });
    called.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_plan_is_the_table_it_stands_for() {
        let sql = "SELECT * FROM orders o JOIN order_line AS l ON l.order_id = o.id WHERE (o.id = ?)";
        let check = |name: &str, table: &str| assert_eq!(table_of(sql, name), table);
        check("o", "orders");
        check("l", "order_line");
        check("orders", "orders");
    }

    #[test]
    fn a_scan_is_told_from_a_search() {
        let check = |text: &str, scans: Option<&str>, index: Option<&str>| {
            let step = Step { depth: 0, text: text.to_owned() };
            assert_eq!((step.scans(), step.index()), (scans, index), "{text}");
        };
        check("SCAN orders", Some("orders"), None);
        check("SCAN o USING COVERING INDEX orders_day", Some("o"), Some("orders_day"));
        check("SEARCH o USING INDEX orders_day (business_date=?)", None, Some("orders_day"));
        check("SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)", None, None);
        check("SCAN CONSTANT ROW", None, None);
        check("SCAN menu_text VIRTUAL TABLE INDEX 0:M3", None, Some("0:M3"));
        check("USE TEMP B-TREE FOR ORDER BY", None, None);
    }
}
