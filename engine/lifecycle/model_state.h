// The states of a model and the one table of legal transitions. Pure, any thread. ModelSlot alone changes a state.
//
//                    load                    loaded                    unload
//      UNLOADED ──────────────▶ LOADING ──────────────▶ LOADED ──────────────────▶ DRAINING
//        ▲  ▲                    ▲    │                    │                          │
//        │  │              retry │    │ failed             │ crash, hang, lie         │ worker gone
//        │  │                    │    ▼                    │                          │
//        │  └─────────────── UNHEALTHY ◀───────────────────┘                          │
//        │      unload                                                                │
//        └────────────────────────────────────────────────────────────────────────────┘
//
// A load completes or fails: LOADING never becomes UNLOADED at once, an unload in between makes the load fail first.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/common.pb.h"

namespace mm::lifecycle {

[[nodiscard]] bool isLegal(modelmora::v1::ModelState from, modelmora::v1::ModelState to);

// IllegalTransition, naming both states, unless the table has it.
Result<void> checkTransition(modelmora::v1::ModelState from, modelmora::v1::ModelState to);

} // namespace mm::lifecycle
