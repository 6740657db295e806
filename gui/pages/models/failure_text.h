// What is known of a failure beside its sentence: what to do, stage, file, signal, the last lines of the worker. Pure.
#pragma once

#include "engine/base/error.h"

#include <QString>
#include <QStringList>

namespace mm::gui::models {

// What helps with failures of that kind; empty where its sentence says so already, or nothing is known.
QString adviceOf(const Error& error);
// One fact a line; empty where there is none.
QString failureFacts(const Error& error);
// What the worker wrote last.
QStringList lastLines(const Error& error);

} // namespace mm::gui::models
