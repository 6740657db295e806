// What a thread tells the system about itself, so that one which answers is not kept waiting by those that compute. For
// the calling thread and the threads and processes that it starts from then on. Only wishes: where the system does not
// know them, nothing changes.
#pragma once

namespace mm::ipc {

// It works for moments only: when it wakes up, it takes a busy processor at once instead of after the other's slice
// (a tick of 4 ms, often), and keeps it for a burst of answers where the system lets it weigh more (RLIMIT_NICE or
// CAP_SYS_NICE).
void answerPromptly();

// It computes: it takes whole slices, and gives way to what answers.
void computeSteadily();

} // namespace mm::ipc
