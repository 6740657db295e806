// The store of history and ended requests on a thread of its own.
#pragma once

#include "engine/observability/history/history_store.h"
#include "engine/store/store_thread.h"

namespace mm::observability {

using HistoryThread = store::StoreThread<HistoryStore>;

} // namespace mm::observability
