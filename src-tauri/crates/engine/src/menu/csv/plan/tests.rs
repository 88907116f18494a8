use super::*;
use crate::menu::model::Category;
use crate::orders::model::Station;

fn item(id: u128, category: CategoryId, name: &str, price: i64) -> Item {
    Item {
        id: ItemId(uuid::Uuid::from_u128(id)),
        category_id: category,
        name: name.to_owned(),
        price_minor: Minor(price),
        tax_rate_bp: 1000,
        station: Station::Kitchen,
        available: true,
        position: 0,
        variants: Vec::new(),
        group_ids: Vec::new(),
        description: None,
        allergens: Vec::new(),
        image: None,
        stock_tracked: false,
    }
}

/// From before a category had each name once.
#[test]
fn two_items_of_one_name_are_told_apart_by_their_order_and_a_third_row_is_one_too_many() {
    let id = CategoryId(uuid::Uuid::from_u128(9));
    let items = vec![item(1, id, "Soup", 500), item(2, id, "Soup", 600)];
    let category = Category { id, name: "Food".to_owned(), colour: None, position: 0, items };
    let menu = Menu { categories: vec![category], modifier_groups: Vec::new() };
    let read = |rows: &str| {
        let file = format!("kind,category,item,name,price\n{rows}");
        super::super::reading::read(file.as_bytes(), 2).unwrap()
    };
    let mut reading =
        read("item,Food,,Soup,5.00\nitem,Food,,Soup,7.00\nsize,Food,Soup,large,8.00\nitem,Food,,Soup,9.00\n");
    let plan = plan(&mut reading, &menu, 1000).unwrap();
    let put: Vec<_> =
        plan.items.iter().map(|put| (put.item.id, put.item.price_minor, put.item.variants.len())).collect();
    assert_eq!(put, [(ItemId(uuid::Uuid::from_u128(2)), Minor(700), 1)]);
    assert_eq!(reading.dirty_count, 1);
}
