//! Modifier groups, and what of them and of sizes is sold out.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{GROUPS_MAX, Modifier, ModifierGroup, must_not_open_itself};
use super::super::store;
use super::{GroupDone, ItemDone, item};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{GroupId, ItemId, ModifierId, VariantId};

fn group(tx: &Tx<'_>, id: GroupId) -> Result<ModifierGroup, Stop> {
    store::group(tx.conn(), id)?.ok_or_else(|| Refusal::not_found("The group").into())
}

/// Holds a group as it is to be against the others.
fn check(tx: &Tx<'_>, changed: &ModifierGroup) -> Result<(), Stop> {
    if changed.max.is_some_and(|max| max < changed.min) {
        return Err(Refusal::rule("At most cannot be less than at least.").at("max").into());
    }
    let mut groups = store::groups(tx.conn())?;
    groups.retain(|group| group.id != changed.id);
    groups.push(changed.clone());
    for (at, modifier) in changed.modifiers.iter().enumerate() {
        let Some(opened) = modifier.opens_group_id else { continue };
        let field = || format!("modifiers[{at}].opens_group_id");
        if !groups.iter().any(|group| group.id == opened) {
            return Err(Refusal::not_found("The group").at(field()).into());
        }
    }
    // A change may deepen a group that opens this one, so all are looked at.
    for group in &groups {
        must_not_open_itself(&groups, group.id).map_err(|refusal| refusal.at("modifiers"))?;
    }
    Ok(())
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddGroup {
    pub id: GroupId,
    pub name: String,
    #[serde(default)]
    pub min: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    pub modifiers: Vec<Modifier>,
}

impl Write for AddGroup {
    const NAME: &'static str = "add_modifier_group";
    const KIND: Kind = Kind::Intent;
    type Answer = GroupDone;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<GroupDone, Stop> {
        if store::groups_count(tx.conn())? >= GROUPS_MAX {
            return Err(Refusal::rule(format!("A menu has at most {GROUPS_MAX} groups.")).into());
        }
        let new = ModifierGroup {
            id: self.id,
            name: self.name.clone(),
            min: self.min,
            max: self.max,
            position: 0,
            modifiers: self.modifiers.clone(),
        };
        check(tx, &new)?;
        store::insert_group(tx, &new)?;
        store::set_modifiers(tx, self.id, &self.modifiers, cx.at_ms)?;
        Ok(GroupDone { id: self.id })
    }
}

/// Changes what is named and leaves the rest; named modifiers are all there are.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeGroup {
    pub id: GroupId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Zero: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modifiers: Option<Vec<Modifier>>,
}

impl Write for ChangeGroup {
    const NAME: &'static str = "change_modifier_group";
    const KIND: Kind = Kind::Intent;
    type Answer = GroupDone;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<GroupDone, Stop> {
        let was = group(tx, self.id)?;
        let changed = ModifierGroup {
            id: was.id,
            name: self.name.clone().unwrap_or(was.name),
            min: self.min.unwrap_or(was.min),
            max: self.max.map_or(was.max, |max| (max > 0).then_some(max)),
            position: self.position.unwrap_or(was.position),
            modifiers: self.modifiers.clone().unwrap_or(was.modifiers),
        };
        check(tx, &changed)?;
        store::change_group(tx, &changed)?;
        if let Some(modifiers) = &self.modifiers {
            store::set_modifiers(tx, self.id, modifiers, cx.at_ms)?;
        }
        Ok(GroupDone { id: self.id })
    }
}

/// Takes a group off the menu; items and modifiers that name it ask for it no more.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveGroup {
    pub id: GroupId,
}

impl Write for ArchiveGroup {
    const NAME: &'static str = "archive_modifier_group";
    const KIND: Kind = Kind::Intent;
    type Answer = GroupDone;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<GroupDone, Stop> {
        group(tx, self.id)?;
        store::archive_group(tx, self.id, cx.at_ms)?;
        Ok(GroupDone { id: self.id })
    }
}

/// A modifier is sold out, or there again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetModifierAvailable {
    pub group: GroupId,
    pub modifier: ModifierId,
    pub available: bool,
}

impl Write for SetModifierAvailable {
    const NAME: &'static str = "set_modifier_available";
    const KIND: Kind = Kind::Intent;
    type Answer = GroupDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<GroupDone, Stop> {
        group(tx, self.group)?;
        if !store::set_modifier_available(tx, self.group, self.modifier, self.available)? {
            return Err(Refusal::not_found("The modifier").into());
        }
        Ok(GroupDone { id: self.group })
    }
}

/// A size is sold out, or there again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetVariantAvailable {
    pub item: ItemId,
    pub variant: VariantId,
    pub available: bool,
}

impl Write for SetVariantAvailable {
    const NAME: &'static str = "set_variant_available";
    const KIND: Kind = Kind::Intent;
    type Answer = ItemDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<ItemDone, Stop> {
        item(tx, self.item)?;
        if !store::set_variant_available(tx, self.item, self.variant, self.available)? {
            return Err(Refusal::not_found("The size").into());
        }
        Ok(ItemDone { id: self.item })
    }
}
