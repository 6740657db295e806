// What a client of an engine calls it by: the one list of its services, for the command line and the console.
#pragma once

#include "modelmora/v1/access.grpc.pb.h"
#include "modelmora/v1/inference.grpc.pb.h"
#include "modelmora/v1/jobs.grpc.pb.h"
#include "modelmora/v1/management.grpc.pb.h"
#include "modelmora/v1/memory.grpc.pb.h"
#include "modelmora/v1/observability.grpc.pb.h"
#include "modelmora/v1/registry.grpc.pb.h"
#include "modelmora/v1/settings.grpc.pb.h"

#include <memory>
#include <tuple>
#include <type_traits>

namespace mm {

template <typename... Services>
class StubsOf {
public:
    void connect(const std::shared_ptr<grpc::Channel>& channel) {
        ((std::get<Kept<Services>>(m_stubs) = Services::NewStub(channel)), ...);
    }
    // By v1::SomeService::StubInterface; only after connect().
    template <typename Stub>
    [[nodiscard]] Stub& of() const {
        return *std::get<std::unique_ptr<Stub>>(m_stubs);
    }
    // By v1::SomeService::StubInterface::async_interface; only after connect().
    template <typename Calls>
    [[nodiscard]] Calls* async() const {
        Calls* calls = nullptr;
        ((findAsync<Services>(calls)), ...);
        return calls;
    }

private:
    template <typename Service>
    using Kept = std::unique_ptr<typename Service::StubInterface>;

    template <typename Service, typename Calls>
    void findAsync(Calls*& calls) const {
        if constexpr (std::is_same_v<Calls, typename Service::StubInterface::async_interface>)
            calls = std::get<Kept<Service>>(m_stubs)->async();
    }

    std::tuple<Kept<Services>...> m_stubs;
};

using ServiceStubs =
    StubsOf<modelmora::v1::RegistryService, modelmora::v1::ManagementService, modelmora::v1::InferenceService,
            modelmora::v1::JobService, modelmora::v1::MemoryService, modelmora::v1::SettingsService,
            modelmora::v1::AccessService, modelmora::v1::ObservabilityService>;

} // namespace mm
