//! An allocator that cannot be linked: what reaches it, allocates.

extern crate alloc;

use alloc::alloc::{GlobalAlloc, Layout};

struct Nobodys;

#[global_allocator]
static ALLOCATOR: Nobodys = Nobodys;

unsafe extern "C" {
    safe fn an_allocation_is_reachable(size: usize) -> *mut u8;
}

// SAFETY: nothing runs this. It is linked, and the linker asks only which functions it reaches.
unsafe impl GlobalAlloc for Nobodys {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        an_allocation_is_reachable(layout.size())
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
