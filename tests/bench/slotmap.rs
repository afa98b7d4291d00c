// The public slot map that people use for handles, Rust's `slotmap`, behind a C ABI: a table that one thread uses at a time, with
// generations, without owners, sites or a ledger. Beside the rows of bench_ratios, where rustc and Debian's librust-slotmap-dev are.
use slotmap::{DefaultKey, Key, KeyData, SlotMap};

pub struct Counter {
    value: i64,
}

type Map = SlotMap<DefaultKey, Counter>;

#[no_mangle]
pub extern "C" fn slotmap_new() -> *mut Map {
    Box::into_raw(Box::new(SlotMap::new()))
}

/// # Safety
/// `map` is what slotmap_new returned, and nobody else uses it.
#[no_mangle]
pub unsafe extern "C" fn slotmap_delete(map: *mut Map) {
    drop(Box::from_raw(map));
}

/// # Safety
/// As slotmap_delete.
#[no_mangle]
pub unsafe extern "C" fn slotmap_create(map: *mut Map) -> u64 {
    (*map).insert(Counter { value: 0 }).data().as_ffi()
}

/// # Safety
/// As slotmap_delete.
#[no_mangle]
pub unsafe extern "C" fn slotmap_destroy(map: *mut Map, key: u64) -> bool {
    (*map).remove(KeyData::from_ffi(key).into()).is_some()
}

/// # Safety
/// As slotmap_delete.
#[no_mangle]
pub unsafe extern "C" fn slotmap_add(map: *mut Map, key: u64, amount: i64) -> bool {
    match (*map).get_mut(KeyData::from_ffi(key).into()) {
        Some(counter) => {
            counter.value += amount;
            true
        }
        None => false,
    }
}
