// How the worker ends, for the engine's exit report. Constants, any thread.
#pragma once

namespace mm::worker {

inline constexpr int kExitDone = 0;      // told to end, or the engine closed the socket
inline constexpr int kExitUsage = 64;    // started with wrong arguments
inline constexpr int kExitProtocol = 65; // the engine's frames broke the protocol
inline constexpr int kExitMemory = 71;   // no memory left to talk to the engine
inline constexpr int kExitSocket = 74;   // the socket failed

} // namespace mm::worker
