// What would end if the engine were stopped now, in a sentence. Pure.
#pragma once

#include "modelmora/v1/management.pb.h"

#include <QString>

namespace mm::gui {

// `status` may be null, where nothing is known.
QString stillRunning(const modelmora::v1::SystemStatus* status);

} // namespace mm::gui
