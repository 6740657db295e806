// How the engine stands, for metrics and history: the contexts' own accounts, read together. Engine thread.
#pragma once

#include "engine/inference/dispatcher.h"
#include "engine/lifecycle/lifecycle_manager.h"
#include "engine/lifecycle/memory/machine_probe.h"
#include "engine/observability/engine_figures.h"
#include "engine/registry/catalogue.h"
#include "engine/service/machine/resource_meter.h"

namespace mm::app {

// Of several GPUs together.
[[nodiscard]] observability::GpuFigures together(const std::vector<lifecycle::GpuReading>& gpus);

class EngineFiguresAdapter final : public observability::FiguresSource {
public:
    struct Parts {
        const registry::Catalogue& catalogue;
        const lifecycle::LifecycleManager& lifecycle;
        const inference::Dispatcher& dispatcher;
        const lifecycle::MachineProbe& machine;
        service::ResourceMeter& resources;
        const Clock& clock;
    };
    // They outlive it.
    explicit EngineFiguresAdapter(Parts parts) : m_parts(parts) {}

    [[nodiscard]] observability::EngineFigures read() override;

private:
    Parts m_parts;
};

} // namespace mm::app
