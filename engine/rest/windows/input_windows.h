// A request of many inputs, cut into requests of few: each is as large as keeps a worker busy, and small enough that
// nobody has to hold much of the whole. Pure, any thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace mm::rest {

struct WindowLimits {
    std::size_t inputs = 512;
    std::size_t bytes = std::size_t{1} << 20; // of their texts, unless one alone is larger
};

struct InputWindow {
    int begin = 0; // among the request's inputs
    int count = 0;
};

// In order, all inputs in one of them; a request of one input, or of none, is one window.
std::vector<InputWindow> windowsOf(const modelmora::v1::InputData& input, const WindowLimits& limits = {});

// The same request with the inputs of this window alone. Takes the inputs out of `request` for a moment.
std::shared_ptr<const modelmora::v1::InferenceRequest> cutWindow(modelmora::v1::InferenceRequest& request,
                                                                 const InputWindow& window);

} // namespace mm::rest
