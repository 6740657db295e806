// What a worker gets to see of the engine's environment: an allow-list, so that no key, token or password of the
// operator reaches the process that reads model files. Pure, any thread.
#pragma once

#include <QProcessEnvironment>

namespace mm::lifecycle {

[[nodiscard]] QProcessEnvironment workerEnvironment(const QProcessEnvironment& engine);

} // namespace mm::lifecycle
