//! Aligned columns.

use crate::out::{Out, tame};
use serde_json::Value;

const GAP: &str = "  ";

/// Rows under a head; the column `STATUS` is coloured.
pub struct Table<const N: usize> {
    head: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub fn new(head: [&'static str; N]) -> Self {
        Self { head, rows: Vec::new() }
    }

    /// A row for each item.
    pub fn of(head: [&'static str; N], items: &[Value], row: impl Fn(&Value) -> [String; N]) -> Self {
        let mut table = Self::new(head);
        items.iter().for_each(|item| table.row(row(item)));
        table
    }

    /// A cell that is empty shows `-`, so that columns can be counted.
    pub fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| if cell.is_empty() { "-".to_owned() } else { tame(&cell) }));
    }

    pub fn text(&self, out: &Out) -> String {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.chain([self.head[column].len()]).max().unwrap_or(0)
        };
        let widths: [usize; N] = std::array::from_fn(width);
        let mut text = String::new();
        for (place, row) in std::iter::once(&self.head.map(str::to_owned)).chain(&self.rows).enumerate() {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let shown = if place > 0 && self.head[column] == "STATUS" { out.paint(cell, cell) } else { cell.clone() };
                let pad = if column + 1 == N { 0 } else { widths[column] - cell.chars().count() };
                line += &format!("{}{shown}{}", if column == 0 { "" } else { GAP }, " ".repeat(pad));
            }
            text += &format!("{line}\n");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::out::Format;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(["PLAN", "STATUS", "NAME"]);
        table.row(["plan_1".into(), "running".into(), "größe\x1b[2J".into()]);
        table.row(["plan_22".into(), String::new(), "b".into()]);
        let expected = "PLAN     STATUS   NAME\nplan_1   running  größe [2J\nplan_22  -        b\n";
        assert_eq!(table.text(&Out::new(Format::Table)), expected);
    }
}
