//! Terraform's language, written as `terraform fmt` would.

use std::fmt::Write;

/// What stands in a file or between a block's braces.
#[derive(Debug, Default)]
pub(super) struct Body(Vec<Item>);

#[derive(Debug)]
struct Item {
    comment: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Attribute { name: String, expression: String },
    Block { header: String, body: Body },
}

impl Item {
    /// What is longer than a line stands apart, and alignment ends there.
    fn long(&self) -> bool {
        match &self.kind {
            Kind::Attribute { expression, .. } => expression.contains('\n'),
            Kind::Block { .. } => true,
        }
    }
}

impl Body {
    /// Adds `name = expression`.
    pub fn set(self, name: &str, expression: impl Into<String>) -> Self {
        self.set_why(name, expression, "")
    }

    /// Adds `name = expression` under a comment, if there is one.
    pub fn set_why(mut self, name: &str, expression: impl Into<String>, comment: &str) -> Self {
        let kind = Kind::Attribute { name: name.to_owned(), expression: expression.into() };
        self.0.push(Item { comment: comment.to_owned(), kind });
        self
    }

    /// Adds `header { body }`.
    pub fn block(self, header: impl Into<String>, body: Self) -> Self {
        self.block_why(header, body, "")
    }

    /// Adds `header { body }` under a comment, if there is one.
    pub fn block_why(mut self, header: impl Into<String>, body: Self, comment: &str) -> Self {
        self.0.push(Item { comment: comment.to_owned(), kind: Kind::Block { header: header.into(), body } });
        self
    }

    /// Adds what `more` gives for each.
    pub fn each<T>(self, items: impl IntoIterator<Item = T>, more: impl Fn(Self, T) -> Self) -> Self {
        items.into_iter().fold(self, more)
    }

    /// The text, from the first column.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0);
        text
    }

    fn write(&self, out: &mut String, depth: usize) {
        let indent = "  ".repeat(depth);
        for (index, item) in self.0.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &self.0[before]);
            if before.is_some_and(|before| before.long() || item.long()) {
                out.push('\n');
            }
            for line in wrapped(&item.comment) {
                _ = writeln!(out, "{indent}# {line}");
            }
            match &item.kind {
                Kind::Attribute { name, expression } => {
                    let width = self.width(index);
                    let expression = expression.replace('\n', &format!("\n{indent}"));
                    _ = writeln!(out, "{indent}{name:width$} = {expression}");
                }
                Kind::Block { header, body } if body.0.is_empty() => _ = writeln!(out, "{indent}{header} {{}}"),
                Kind::Block { header, body } => {
                    _ = writeln!(out, "{indent}{header} {{");
                    body.write(out, depth + 1);
                    _ = writeln!(out, "{indent}}}");
                }
            }
        }
    }

    /// How wide the names are in the run of short lines that this one stands in.
    fn width(&self, index: usize) -> usize {
        let short = |item: &&Item| !item.long();
        let after = self.0[index + 1..].iter().take_while(|item| short(item) && item.comment.is_empty());
        // The run begins at a line with a comment, and includes it.
        let mut open = !self.0[index].long();
        let before = self.0[..=index].iter().rev().take_while(|item| {
            let taken = open && short(item);
            open = item.comment.is_empty();
            taken
        });
        let names = before.chain(after.filter(|_| !self.0[index].long())).map(|item| match &item.kind {
            Kind::Attribute { name, .. } => name.chars().count(),
            Kind::Block { .. } => 0,
        });
        names.max().unwrap_or(0)
    }
}

/// A comment's lines, none of them much longer than a person reads.
fn wrapped(comment: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in comment.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The text as a quoted string that means just this text: no templates, nothing that ends it early.
pub(super) fn text(text: &str) -> String {
    let mut quoted = String::from('"');
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // `$${` and `%%{` stand for the two letters themselves.
            '$' | '%' if rest.peek() == Some(&'{') => quoted.extend([letter, letter]),
            letter if letter.is_control() => _ = write!(quoted, "\\u{:04x}", u32::from(letter)),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// The text as an object's key: bare where it can be.
pub(super) fn key(key: &str) -> String {
    let mut letters = key.chars();
    let bare = letters.next().is_some_and(|first| first.is_ascii_alphabetic()) && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if bare { key.to_owned() } else { text(key) }
}

/// An object, an attribute a line.
pub(super) fn object(body: &Body) -> String {
    let mut text = String::new();
    body.write(&mut text, 1);
    format!("{{\n{text}}}")
}

/// A list, on one line while it is short.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] | [_] | [_, _] => format!("[{}]", items.join(", ")),
        _ => format!("[\n{}]", items.iter().map(|item| format!("  {item},\n")).collect::<String>()),
    }
}

/// A list of texts.
pub(super) fn texts<T: AsRef<str>>(items: &[T]) -> String {
    list(&items.iter().map(|item| text(item.as_ref())).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_means_itself() {
        assert_eq!(text("a\"b\\c\nd\te\u{7}"), r#""a\"b\\c\nd\te\u0007""#);
        assert_eq!(text("${x} %{y} $ % $x $${z} $$"), r#""$${x} %%{y} $ % $x $$${z} $$""#);
    }

    #[test]
    fn short_lines_are_aligned_and_long_ones_stand_apart() {
        let body = Body::default()
            .set("a", "1")
            .set("long", "2")
            .set_why("c", "3", "why")
            .set("dd", "4")
            .set("list", list(&["1".into(), "2".into(), "3".into()]))
            .block("b", Body::default().set("x", "1"));
        let expected = "a    = 1\nlong = 2\n# why\nc  = 3\ndd = 4\n\nlist = [\n  1,\n  2,\n  3,\n]\n\nb {\n  x = 1\n}\n";
        assert_eq!(body.text(), expected);
    }
}
