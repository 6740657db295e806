// A device's ledger as a bar and a sentence. Pure.
#pragma once

#include "gui/pages/overview/loaded_rows.h"
#include "gui/widgets/memory_bar.h"

namespace mm::gui {

// `nowMs` since 1970, for how long ago things were.
MemoryPicture pictureOf(const v1::DeviceLedger& device, const LoadedRows& rows, std::int64_t nowMs);

// "16.9 of 23.4 GB used · budget 21.1 GB · predicted and measured differ by 1.3 %"
QString memorySentence(const v1::DeviceLedger& device);

// Of the committed ones, in percent of what was measured; unset while there is none.
std::optional<double> predictionErrorPercent(const v1::DeviceLedger& device);

} // namespace mm::gui
