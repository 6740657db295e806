// The worker's one exception: an mm::Error on its way to the single catch in worker/session. Thrown anywhere below it
// (files, tokenizer, tensors); what() is the error's sentence. Value type, any thread.
#pragma once

#include "engine/base/error.h"

#include <exception>
#include <string>
#include <utility>

namespace mm::worker {

struct Failure : std::exception {
    explicit Failure(Error e) : error(std::move(e)) {}
    Failure(ErrorCode code, std::string message, Facts facts = {})
        : error{code, std::move(message), std::move(facts)} {}

    [[nodiscard]] const char* what() const noexcept override { return error.message.c_str(); }

    Error error;
};

} // namespace mm::worker
