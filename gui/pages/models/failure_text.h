// What is known of a failure beside its sentence: stage, file, signal, what to do, the last lines of the worker. Pure.
#pragma once

#include "engine/base/error.h"

#include <QString>
#include <QStringList>

namespace mm::gui::models {

// One fact a line; empty where there is none.
QString failureFacts(const Error& error);
// What the worker wrote last.
QStringList lastLines(const Error& error);

} // namespace mm::gui::models
