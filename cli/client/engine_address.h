// Where the engine is and who asks it: addresses as people write them, and keys. Pure apart from reading the key's
// file.
#pragma once

#include "engine/base/result.h"

#include <string>

namespace mm::cli {

struct EngineUrl {
    std::string address; // host:port of gRPC
    bool isTls = false;  // the URL asks for it
};

// Of "grpc://host:port", "host:port" or "host"; of the address of the REST face, "http://host:8000", the host at the
// usual port. "grpcs://" and "https://" are the same over TLS.
Result<EngineUrl> engineAddress(const std::string& url);

// Whether it is host:port.
bool isEngineAddress(const std::string& text);

// What a file holds, without the blanks around it, or `inherited` where no file is named. Fails where the file cannot
// be read or what is there is no key.
Result<std::string> readKey(const std::string& file, const std::string& inherited);

} // namespace mm::cli
