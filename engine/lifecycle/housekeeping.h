// Housekeeping: what the lifecycle does without being asked: looks at the machine's memory every few seconds while a
// worker runs, and unloads what nobody uses any more. Decides nothing itself (idle_policy, Placement); owns the timers.
// Owned by the LifecycleManager; engine thread only.
#pragma once

#include "engine/lifecycle/lifecycle_options.h"
#include "engine/lifecycle/placement.h"

#include <QTimer>

namespace mm::lifecycle {

class Housekeeping {
public:
    Housekeeping(const LifecycleOptions& options, LifecyclePorts ports, const Deployments& models,
                 Placement& placement);

    // A worker was started: there is something to look at.
    void watch();
    // A model may be unused from now on; `soon`: sooner than was known so far.
    void idleMayHaveChanged(bool soon);
    // What the timers do.
    void look();
    void unloadIdle();

private:
    const LifecycleOptions& m_options;
    LifecyclePorts m_ports;
    const Deployments& m_models;
    Placement& m_placement;
    QTimer m_looks;
    QTimer m_idle;
};

} // namespace mm::lifecycle
