//! The allocator of the module: memory that is given back is overwritten with zeros first.
//!
//! What holds a secret wipes itself (`Secret`, `SessionKey`, `Zeroizing`). This is for the copies
//! that libraries make and drop as they are: the intermediate numbers of the crate `rsa`, a buffer
//! that grows.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);
