//! Colours of categories, brought to the one form that browsers, posters and tests agree on.

/// For categories without a colour, by their place in the plan.
const PALETTE: [&str; 8] =
    ["#4c78a8", "#f58518", "#54a24b", "#b279a2", "#e45756", "#72b7b2", "#9d755d", "#eeca3b"];

/// The names that plans are found to use: CSS's basic colours and four that people reach for.
const NAMED: [(&str, &str); 21] = [
    ("aqua", "#00ffff"),
    ("black", "#000000"),
    ("blue", "#0000ff"),
    ("brown", "#a52a2a"),
    ("cyan", "#00ffff"),
    ("fuchsia", "#ff00ff"),
    ("gray", "#808080"),
    ("green", "#008000"),
    ("grey", "#808080"),
    ("lime", "#00ff00"),
    ("maroon", "#800000"),
    ("navy", "#000080"),
    ("olive", "#808000"),
    ("orange", "#ffa500"),
    ("pink", "#ffc0cb"),
    ("purple", "#800080"),
    ("red", "#ff0000"),
    ("silver", "#c0c0c0"),
    ("teal", "#008080"),
    ("white", "#ffffff"),
    ("yellow", "#ffff00"),
];

/// The colour of the category at `index` that names none.
pub fn default_of(index: usize) -> &'static str {
    PALETTE[index % PALETTE.len()]
}

/// `#rrggbb` in lower case, of `#rrggbb`, `#rgb` or a common name.
pub fn normalized(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let Some(digits) = text.strip_prefix('#') else {
        let named = NAMED.iter().find(|(name, _)| *name == text);
        return named.map(|(_, color)| (*color).to_owned());
    };
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        6 => Some(text),
        3 => Some(digits.chars().fold("#".to_owned(), |mut long, digit| {
            long.extend([digit, digit]);
            long
        })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_in_the_forms_that_plans_use() {
        let read = |text| normalized(text).unwrap_or_default();
        assert_eq!(read("#A1b2C3"), "#a1b2c3");
        assert_eq!(read("#f0c"), "#ff00cc");
        assert_eq!(read("Red"), "#ff0000");
        for wrong in ["", "#", "#12", "#12345g", "#1234567", "reddish", "rgb(1,2,3)"] {
            assert_eq!(normalized(wrong), None, "{wrong}");
        }
    }
}
