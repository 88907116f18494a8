//! From text to a plan: every problem as a sentence with the place it is about.

use serde::Serialize;

use super::{PLAN_BYTES_MAX, Plan, check};

/// What is wrong, and where: `scenarios[0].steps[1].path`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub place: String,
    pub text: String,
}

impl Problem {
    pub fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.place.is_empty() { f.write_str(&self.text) } else { write!(f, "{}: {}", self.place, self.text) }
    }
}

/// A plan that keeps its rules, or everything that is wrong with it.
pub fn read(text: &str) -> Result<Plan, Vec<Problem>> {
    if text.len() > PLAN_BYTES_MAX {
        return Err(vec![Problem::new("", format!("A plan has at most {} KB.", PLAN_BYTES_MAX / 1024))]);
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let plan: Plan = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        vec![misread(&path, &error.into_inner().to_string())]
    })?;
    if reader.end().is_err() {
        return Err(vec![Problem::new("", "Something follows the end of the plan.")]);
    }
    let problems = check(&plan);
    if problems.is_empty() { Ok(plan) } else { Err(problems) }
}

/// serde's text as a sentence, with the word that was probably meant.
fn misread(path: &str, text: &str) -> Problem {
    let place = if matches!(path, "." | "?") { "" } else { path };
    let unknown = ["unknown field `", "unknown variant `"].iter().find_map(|start| text.strip_prefix(start));
    let Some((wrong, rest)) = unknown.and_then(|rest| rest.split_once('`')) else {
        let mut sentence: String = text.chars().take(1).flat_map(char::to_uppercase).collect();
        sentence.extend(text.chars().skip(1));
        return Problem::new(place, format!("{sentence}."));
    };
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let meant = nearest(wrong, &known).map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
    Problem::new(place, format!("Nothing here is called {wrong}.{meant} Known are: {}.", known.join(", ")))
}

/// The known word that is at most a third of its letters away.
pub(super) fn nearest<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    let best = known.iter().map(|word| (distance(wrong, word), *word)).min()?;
    (best.0 <= best.1.chars().count().div_ceil(3)).then_some(best.1)
}

/// Levenshtein's: letters to put in, take out or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_is_named_with_the_one_that_was_meant() {
        let problem = misread("scenarios[0]", "unknown field `wieght`, expected one of `name`, `weight`, `steps`");
        assert_eq!(
            problem.to_string(),
            "scenarios[0]: Nothing here is called wieght. Did you mean weight? Known are: name, weight, steps."
        );
        assert_eq!(nearest("zzz", &["name", "weight"]), None);
    }
}
