//! What may be chosen with an item. Pure.
//!
//! A wish names modifiers, and inside each the modifiers of the group it opens. What is chosen is
//! flattened in that order; what is chosen inside something taken twice counts twice.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Modifier, ModifierGroup, Offer};
use crate::error::Refusal;
use crate::kernel::ids::{GroupId, ModifierId};
use crate::kernel::money::Minor;

/// Most of one modifier.
pub const COUNT_MAX: i64 = 99;
/// Groups inside groups: the item's own, and so many below.
pub const DEPTH_MAX: usize = 4;
/// Most modifiers chosen at one place.
const WISHES_MAX: usize = 50;
/// Most modifiers of one line, with those that count more than once.
const CHOSEN_MAX: i64 = 500;

/// A modifier as it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModifierWish {
    #[garde(skip)]
    pub modifier_id: ModifierId,
    /// Left out: one.
    #[garde(range(min = 1, max = COUNT_MAX))]
    #[schema(minimum = 1, maximum = 99)]
    pub count: Option<i64>,
    /// What is chosen of the group this one opens.
    #[serde(default)]
    #[garde(length(max = WISHES_MAX), dive)]
    #[schema(no_recursion, max_items = 50)]
    pub modifiers: Vec<ModifierWish>,
}

/// A modifier as it was sold: name, price of one, how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen(pub String, pub Minor, pub i64);

/// Holds a line's wishes against the groups of its item. `field` is the path of the line.
pub fn choose(offer: &Offer, wishes: &[ModifierWish], field: &str) -> Result<Vec<Chosen>, Refusal> {
    let mut choosing = Choosing { offer, chosen: Vec::new() };
    choosing.of(&offer.item.name, &offer.item.group_ids, wishes, field, 1)?;
    Ok(choosing.chosen)
}

struct Choosing<'a> {
    offer: &'a Offer,
    chosen: Vec<Chosen>,
}

impl Choosing<'_> {
    /// `times`: how often the thing these modifiers belong to is taken.
    fn of(
        &mut self,
        what: &str,
        groups: &[GroupId],
        wishes: &[ModifierWish],
        field: &str,
        times: i64,
    ) -> Result<(), Refusal> {
        let groups: Vec<&ModifierGroup> = groups.iter().filter_map(|id| self.offer.group(*id)).collect();
        let mut counts = vec![0; groups.len()];
        for (at, wish) in wishes.iter().enumerate() {
            let path = || format!("{field}.modifiers[{at}].modifier_id");
            let (place, modifier) = find(&groups, wish.modifier_id)
                .ok_or_else(|| Refusal::invalid(path(), format!("This is no choice for {what}.")))?;
            if !modifier.available {
                return Err(Refusal::rule(format!("{} is sold out.", modifier.name)).at(path()));
            }
            let count = wish.count.unwrap_or(1);
            counts[place] += count;
            if let Some(max) = groups[place].max.filter(|max| counts[place] > *max) {
                let message = format!("Of {} at most {max} can be chosen.", groups[place].name);
                return Err(refused(message, groups[place], counts[place]).at(path()));
            }
            let all = count * times;
            self.chosen.push(Chosen(modifier.name.clone(), modifier.price_minor, all));
            if self.chosen.iter().map(|chosen| chosen.2).sum::<i64>() > CHOSEN_MAX {
                return Err(Refusal::rule(format!("A line has at most {CHOSEN_MAX} modifiers.")).at(path()));
            }
            let inside = format!("{field}.modifiers[{at}]");
            self.of(&modifier.name, modifier.opens_group_id.as_slice(), &wish.modifiers, &inside, all)?;
        }
        for (group, count) in groups.into_iter().zip(counts) {
            if count < group.min {
                let message = format!("Choose {} of {} for {what}.", at_least(group), group.name);
                return Err(refused(message, group, count).at(format!("{field}.modifiers")));
            }
        }
        Ok(())
    }
}

fn find<'a>(groups: &[&'a ModifierGroup], id: ModifierId) -> Option<(usize, &'a Modifier)> {
    groups.iter().enumerate().find_map(|(place, group)| {
        let modifier = group.modifiers.iter().find(|modifier| modifier.id == id)?;
        Some((place, modifier))
    })
}

fn at_least(group: &ModifierGroup) -> String {
    if group.max == Some(group.min) { group.min.to_string() } else { format!("at least {}", group.min) }
}

fn refused(message: String, group: &ModifierGroup, chosen: i64) -> Refusal {
    let details = serde_json::json!({ "group_id": group.id, "min": group.min, "max": group.max, "chosen": chosen });
    Refusal::rule(message).with_details(details)
}

/// Whether a choice could go on for ever, or deeper than anybody reads.
pub fn must_not_open_itself(groups: &[ModifierGroup], first: GroupId) -> Result<(), Refusal> {
    fn deeper(groups: &[ModifierGroup], id: GroupId, depth: usize) -> Result<(), Refusal> {
        if depth > DEPTH_MAX {
            let message = format!("Groups open groups at most {DEPTH_MAX} deep, and never themselves.");
            return Err(Refusal::rule(message));
        }
        let Some(group) = groups.iter().find(|group| group.id == id) else { return Ok(()) };
        let mut opened: Vec<GroupId> = group.modifiers.iter().filter_map(|modifier| modifier.opens_group_id).collect();
        opened.sort_unstable();
        opened.dedup();
        opened.into_iter().try_for_each(|id| deeper(groups, id, depth + 1))
    }
    deeper(groups, first, 1)
}
