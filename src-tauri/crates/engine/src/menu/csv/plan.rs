//! From what was read to what is to be written: only what is new or differs from the menu. Pure.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};

use super::super::commands::{BringMenu, CategoryPut, GroupPut, ItemPut};
use super::super::model::{
    CATEGORIES_MAX, GROUPS_MAX, ITEM_GROUPS_MAX, ITEMS_MAX, Item, MODIFIERS_MAX, Menu, Modifier, ModifierGroup,
    VARIANTS_MAX, Variant, must_not_open_itself,
};
use super::reading::{ItemRow, Reading, Row};
use crate::error::Refusal;
use crate::imports::values::{Bad, DirtyKind};
use crate::kernel::ids::{CategoryId, GroupId, ItemId, ModifierId, VariantId};
use crate::kernel::money::Minor;

/// Items in one command.
const ITEMS_TOGETHER: usize = 1_000;

/// What bringing in a file will do.
#[derive(Debug, Default)]
pub struct Plan {
    pub categories: Vec<CategoryPut>,
    pub groups: Vec<GroupPut>,
    pub items: Vec<ItemPut>,
    /// Things the file names that are so already.
    pub same: usize,
}

impl Plan {
    pub fn is_nothing(&self) -> bool {
        self.categories.is_empty() && self.groups.is_empty() && self.items.is_empty()
    }

    /// To be run together; at least one.
    pub fn writes(self) -> Vec<BringMenu> {
        let first = BringMenu {
            categories: self.categories,
            groups: self.groups,
            items: Vec::new(),
            items_in_all: Some(self.items.len()),
        };
        let mut writes = vec![first];
        for items in self.items.chunks(ITEMS_TOGETHER) {
            writes.push(BringMenu { items: items.to_vec(), ..BringMenu::default() });
        }
        writes
    }
}

/// Rows that clash with others or with the menu are moved to the dirty ones.
pub fn plan(reading: &mut Reading, menu: &Menu, default_rate_bp: i64) -> Result<Plan, Refusal> {
    let mut planning = Planning::of(menu, default_rate_bp);
    let rows = std::mem::take(&mut reading.good);
    // Groups come first, because items and choices name them.
    for (_, row) in &rows {
        planning.announce(row);
    }
    for (line, row) in rows {
        let raw = raw(&row);
        match planning.take(&row) {
            Ok(()) => reading.good.push((line, row)),
            Err(bad) => reading.dirty(line, bad, raw),
        }
    }
    planning.finish(menu)
}

fn raw(row: &Row) -> String {
    match row {
        Row::Category { name, .. } | Row::Group { name, .. } => name.clone(),
        Row::Choice { group, name, .. } => format!("{group}: {name}"),
        Row::Item(item) => format!("{}: {}", item.category, item.name),
        Row::Size { item, name, .. } => format!("{item}: {name}"),
    }
}

struct Planning {
    default_rate_bp: i64,
    categories: Vec<CategoryPut>,
    groups: Vec<ModifierGroup>,
    items: Vec<Item>,
    by_category: HashMap<String, CategoryId>,
    by_group: HashMap<String, usize>,
    by_item: HashMap<(CategoryId, String), usize>,
    /// Further items of the same name, from before a category had each name once: taken by further rows.
    twins: HashMap<(CategoryId, String), VecDeque<usize>>,
    /// As they were, to be known again by name.
    modifiers: HashMap<(GroupId, String), Modifier>,
    variants: HashMap<(ItemId, String), Variant>,
    /// Named in the file: twice is once too often.
    named: HashSet<String>,
    /// Whose choices or sizes the file has begun to name.
    renewed: HashSet<uuid::Uuid>,
    taken: usize,
}

fn twice(what: &str) -> Bad {
    Bad::said(DirtyKind::Twice, format!("{what} is in the file twice"))
}

impl Planning {
    fn of(menu: &Menu, default_rate_bp: i64) -> Self {
        let items: Vec<Item> = menu.categories.iter().flat_map(|category| category.items.clone()).collect();
        let mut by_item = HashMap::new();
        let mut twins: HashMap<_, VecDeque<usize>> = HashMap::new();
        for (at, one) in items.iter().enumerate() {
            let key = (one.category_id, one.name.clone());
            match by_item.entry(key.clone()) {
                Entry::Vacant(free) => drop(free.insert(at)),
                Entry::Occupied(_) => twins.entry(key).or_default().push_back(at),
            }
        }
        Self {
            default_rate_bp,
            categories: Vec::new(),
            by_category: menu.categories.iter().rev().map(|one| (one.name.clone(), one.id)).collect(),
            by_group: menu.modifier_groups.iter().enumerate().rev().map(|(at, one)| (one.name.clone(), at)).collect(),
            by_item,
            twins,
            modifiers: menu
                .modifier_groups
                .iter()
                .flat_map(|group| group.modifiers.iter().map(|one| ((group.id, one.name.clone()), one.clone())))
                .collect(),
            variants: items
                .iter()
                .flat_map(|item| item.variants.iter().map(|one| ((item.id, one.name.clone()), one.clone())))
                .collect(),
            groups: menu.modifier_groups.clone(),
            items,
            named: HashSet::new(),
            renewed: HashSet::new(),
            taken: 0,
        }
    }

    fn announce(&mut self, row: &Row) {
        let Row::Group { name, .. } = row else { return };
        if !self.by_group.contains_key(name) {
            self.by_group.insert(name.clone(), self.groups.len());
            self.groups.push(ModifierGroup {
                id: GroupId::mint(),
                name: name.clone(),
                min: 0,
                max: None,
                position: 0,
                modifiers: Vec::new(),
            });
        }
    }

    fn group(&self, name: &str) -> Result<usize, Bad> {
        let at = self.by_group.get(name).copied();
        at.ok_or_else(|| Bad::said(DirtyKind::UnknownName, format!("there is no group called {name:?}")))
    }

    fn category(&mut self, name: &str) -> CategoryId {
        if let Some(id) = self.by_category.get(name) {
            return *id;
        }
        let id = CategoryId::mint();
        self.by_category.insert(name.to_owned(), id);
        self.categories.push(CategoryPut { id, name: name.to_owned(), colour: None, new: true });
        id
    }

    fn take(&mut self, row: &Row) -> Result<(), Bad> {
        let once = |named: &mut HashSet<String>, key: String, what: &str| {
            if named.insert(key) { Ok(()) } else { Err(twice(what)) }
        };
        self.taken += 1;
        match row {
            Row::Category { name, colour } => {
                once(&mut self.named, format!("category/{name}"), name)?;
                let id = self.category(name);
                match self.categories.iter_mut().find(|put| put.id == id) {
                    Some(put) => put.colour = *colour,
                    None => self.categories.push(CategoryPut { id, name: name.clone(), colour: *colour, new: false }),
                }
                Ok(())
            }
            Row::Group { name, min, max } => {
                once(&mut self.named, format!("group/{name}"), name)?;
                let at = self.group(name)?;
                (self.groups[at].min, self.groups[at].max) = (*min, *max);
                Ok(())
            }
            Row::Choice { group, name, price, opens, available } => {
                let at = self.group(group)?;
                let opens = opens.as_ref().map(|name| self.group(name)).transpose()?.map(|at| self.groups[at].id);
                once(&mut self.named, format!("choice/{group}/{name}"), name)?;
                self.choice(at, name, *price, opens, *available)
            }
            Row::Item(row) if self.is_twin(row) => self.item(row),
            Row::Item(row) => {
                once(&mut self.named, format!("item/{}/{}", row.category, row.name), &row.name)?;
                self.item(row)
            }
            Row::Size { category, item, name, price, available } => {
                let category = self.by_category.get(category);
                let at = category.and_then(|id| self.by_item.get(&(*id, item.clone()))).copied();
                let missing = || Bad::said(DirtyKind::UnknownName, format!("there is no {item:?} before this size"));
                let at = at.ok_or_else(missing)?;
                once(&mut self.named, format!("size/{at}/{name}"), name)?;
                self.size(at, name, *price, *available)
            }
        }
    }

    /// Whether it is the row of a further item of a name that was named; that one is meant from here on.
    fn is_twin(&mut self, row: &ItemRow) -> bool {
        if !self.named.contains(&format!("item/{}/{}", row.category, row.name)) {
            return false;
        }
        let Some(category) = self.by_category.get(&row.category) else { return false };
        let key = (*category, row.name.clone());
        let Some(at) = self.twins.get_mut(&key).and_then(VecDeque::pop_front) else { return false };
        self.by_item.insert(key, at);
        true
    }

    fn choice(
        &mut self,
        at: usize,
        name: &str,
        price: Minor,
        opens: Option<GroupId>,
        available: Option<bool>,
    ) -> Result<(), Bad> {
        let group = &mut self.groups[at];
        if self.renewed.insert(group.id.0) {
            group.modifiers.clear();
        }
        if group.modifiers.len() >= MODIFIERS_MAX {
            return Err(Bad::said(DirtyKind::TooMany, format!("{} has more than {MODIFIERS_MAX} choices", group.name)));
        }
        let was = self.modifiers.get(&(group.id, name.to_owned()));
        group.modifiers.push(Modifier {
            id: was.map_or_else(ModifierId::mint, |was| was.id),
            name: name.to_owned(),
            price_minor: price,
            opens_group_id: opens,
            available: available.unwrap_or_else(|| was.is_none_or(|was| was.available)),
        });
        Ok(())
    }

    fn size(&mut self, at: usize, name: &str, price: Minor, available: Option<bool>) -> Result<(), Bad> {
        let item = &mut self.items[at];
        if self.renewed.insert(item.id.0) {
            item.variants.clear();
        }
        if item.variants.len() >= VARIANTS_MAX {
            return Err(Bad::said(DirtyKind::TooMany, format!("{} has more than {VARIANTS_MAX} sizes", item.name)));
        }
        let was = self.variants.get(&(item.id, name.to_owned()));
        item.variants.push(Variant {
            id: was.map_or_else(VariantId::mint, |was| was.id),
            name: name.to_owned(),
            price_minor: price,
            available: available.unwrap_or_else(|| was.is_none_or(|was| was.available)),
        });
        Ok(())
    }

    fn item(&mut self, row: &ItemRow) -> Result<(), Bad> {
        let names = row.groups.as_ref();
        let groups = names.map(|names| names.iter().map(|name| Ok(self.groups[self.group(name)?].id)).collect());
        let groups: Option<Vec<GroupId>> = groups.transpose()?;
        if groups.as_ref().is_some_and(|groups| groups.len() > ITEM_GROUPS_MAX) {
            return Err(Bad::said(DirtyKind::TooMany, format!("more than {ITEM_GROUPS_MAX} groups")));
        }
        let category_id = self.category(&row.category);
        let key = (category_id, row.name.clone());
        let at = match self.by_item.get(&key) {
            Some(at) => *at,
            None => {
                self.by_item.insert(key, self.items.len());
                self.items.push(Item {
                    id: ItemId::mint(),
                    category_id,
                    name: row.name.clone(),
                    price_minor: Minor::ZERO,
                    tax_rate_bp: self.default_rate_bp,
                    station: crate::orders::model::Station::default(),
                    available: true,
                    position: 0,
                    variants: Vec::new(),
                    group_ids: Vec::new(),
                    description: None,
                    allergens: Vec::new(),
                    image: None,
                    stock_tracked: false,
                });
                self.items.len() - 1
            }
        };
        let item = &mut self.items[at];
        let text = |new: &Option<String>, was: &mut Option<String>| {
            if let Some(text) = new {
                *was = Some(text.clone()).filter(|text| !text.is_empty());
            }
        };
        text(&row.description, &mut item.description);
        text(&row.image, &mut item.image);
        item.price_minor = row.price.unwrap_or(item.price_minor);
        item.tax_rate_bp = row.rate_bp.unwrap_or(item.tax_rate_bp);
        item.station = row.station.unwrap_or(item.station);
        item.available = row.available.unwrap_or(item.available);
        item.stock_tracked = row.stock_tracked.unwrap_or(item.stock_tracked);
        if let Some(groups) = groups {
            item.group_ids = groups;
        }
        if let Some(allergens) = &row.allergens {
            item.allergens.clone_from(allergens);
        }
        Ok(())
    }

    /// What differs from the menu.
    fn finish(self, menu: &Menu) -> Result<Plan, Refusal> {
        for group in &self.groups {
            must_not_open_itself(&self.groups, group.id)?;
        }
        let old: HashMap<ItemId, &Item> =
            menu.categories.iter().flat_map(|category| &category.items).map(|item| (item.id, item)).collect();
        let old_categories: HashMap<CategoryId, _> = menu.categories.iter().map(|one| (one.id, one.colour)).collect();
        let mut categories = self.categories;
        let named = self.taken;
        categories.retain(|put| {
            put.new || put.colour.is_some_and(|colour| old_categories.get(&put.id) != Some(&Some(colour)))
        });
        let groups = self.groups.into_iter().filter_map(|group| {
            let was = menu.modifier_groups.iter().find(|was| was.id == group.id);
            (was != Some(&group)).then(|| GroupPut { new: was.is_none(), group })
        });
        let items = self.items.into_iter().filter_map(|item| {
            let was = old.get(&item.id);
            (was != Some(&&item)).then(|| ItemPut { new: was.is_none(), item })
        });
        let plan = Plan { categories, groups: groups.collect(), items: items.collect(), same: 0 };
        let at_most = |many: usize, most: i64, what: &str| {
            if many as i64 <= most { Ok(()) } else { Err(Refusal::rule(format!("A menu has at most {most} {what}."))) }
        };
        at_most(menu.categories.len() + plan.categories.len(), CATEGORIES_MAX, "categories")?;
        at_most(menu.modifier_groups.len() + plan.groups.len(), GROUPS_MAX, "groups")?;
        at_most(old.len() + plan.items.iter().filter(|put| put.new).count(), ITEMS_MAX, "items")?;
        let touched = plan.categories.len() + plan.groups.len() + plan.items.len();
        Ok(Plan { same: named.saturating_sub(touched), ..plan })
    }
}

#[cfg(test)]
mod tests;
