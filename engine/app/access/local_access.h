// Keys and audit without a running engine, for whoever can reach the data folder: one call of AccessService, its
// request on the input and its answer on the output, so that no secret is ever an argument. Works beside a running
// engine, which sees what has changed within a second.
#pragma once

#include "engine/app/settings.h"

#include <cstdio>
#include <string>

namespace mm::app {

// Writes 'V' and the answer, or 'E' and a modelmora.v1.Error, serialized. Gives the exit status.
int answerLocally(const std::string& method, const Settings& settings, std::FILE* in, std::FILE* out);

} // namespace mm::app
