//! The allocator of the module: overwrites memory with zeros when it is freed.
//!
//! Types that hold a secret wipe themselves (`Secret`, `SessionKey`, `Zeroizing`). The allocator
//! covers the copies that libraries create and drop unwiped: the intermediate numbers of the crate
//! `rsa`, a buffer that grows.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);
