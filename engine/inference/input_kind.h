// Which kind of input each task takes, and whether a request's input is of that kind. Pure, any thread.
#pragma once

#include "engine/inference/ports.h"

namespace mm::inference {

// ValidationError where there is no input at all, InvalidInput naming the task and what it wants where it is the wrong
// kind. Contents are the worker's business.
Result<void> checkInput(const ResolvedModel& model, const v1::InputData& input);

// How many inputs a request holds: 1 unless it is a batch.
[[nodiscard]] int inputCount(const v1::InputData& input);

} // namespace mm::inference
