// WishList: who waits for one model to be loaded: requests that want a lease, and operators who ordered the load. Kept
// in the order they came. Plain container of one ModelDeployment, engine thread only; replies are given by it, after
// the wish has left the list, so that a reply may add a new one.
#pragma once

#include "engine/base/reply.h"
#include "engine/lifecycle/model_lease.h"
#include "engine/lifecycle/policy/snapshot.h"

#include <functional>
#include <optional>
#include <vector>

namespace mm::lifecycle {

class WishList {
public:
    using ProgressHandler = std::function<void(const v1::LoadStage&)>;
    using Lender = std::function<std::optional<ModelLease>()>;

    void addRequest(Urgency urgency, Reply<ModelLease> reply);
    // `force`: it may evict.
    void addOrder(Urgency urgency, bool force, ProgressHandler progress, Reply<v1::ModelStatus> reply);

    [[nodiscard]] bool empty() const { return m_wishes.empty(); }
    [[nodiscard]] bool requested() const;
    [[nodiscard]] bool ordered() const;
    [[nodiscard]] bool forced() const;
    // The most urgent; only where there is a wish.
    [[nodiscard]] Urgency urgency() const;

    void tell(const v1::LoadStage& stage) const;
    // A lease for each request while the lender has one. All are taken before the first is given: none of them can be
    // lost to an unload that an earlier one causes.
    void serveRequests(const Lender& lend);
    void serveOrders(const v1::ModelStatus& status);
    void refuseRequests(const Error& error);
    void refuseOrders(const Error& error);
    void refuseAll(const Error& error);

private:
    struct Wish {
        Urgency urgency;
        bool force = false;
        Reply<ModelLease> lease; // of a request
        Reply<v1::ModelStatus> status;
        ProgressHandler progress;

        void refuse(const Error& error) const;
    };
    std::vector<Wish> take(bool requests, bool orders);

    std::vector<Wish> m_wishes;
};

} // namespace mm::lifecycle
