#include "engine/lifecycle/wish_list.h"

#include <algorithm>
#include <utility>

namespace mm::lifecycle {

void WishList::addRequest(Urgency urgency, Reply<ModelLease> reply) {
    m_wishes.push_back({urgency, false, std::move(reply), {}, {}});
}

void WishList::addOrder(Urgency urgency, bool force, ProgressHandler progress, Reply<v1::ModelStatus> reply) {
    m_wishes.push_back({urgency, force, {}, std::move(reply), std::move(progress)});
}

bool WishList::requested() const {
    return std::any_of(m_wishes.begin(), m_wishes.end(), [](const Wish& wish) { return wish.lease != nullptr; });
}

bool WishList::ordered() const {
    return std::any_of(m_wishes.begin(), m_wishes.end(), [](const Wish& wish) { return wish.status != nullptr; });
}

bool WishList::forced() const {
    return std::any_of(m_wishes.begin(), m_wishes.end(), [](const Wish& wish) { return wish.force; });
}

Urgency WishList::urgency() const {
    const auto first = std::min_element(m_wishes.begin(), m_wishes.end(), [](const Wish& one, const Wish& other) {
        return goesBefore(one.urgency, other.urgency);
    });
    return first->urgency;
}

void WishList::Wish::refuse(const Error& error) const {
    if (lease)
        lease(error);
    else
        status(error);
}

void WishList::tell(const v1::LoadStage& stage) const {
    // By index: a handler may add a wish.
    for (std::size_t i = 0; i < m_wishes.size(); ++i)
        if (const ProgressHandler handler = m_wishes[i].progress)
            handler(stage);
}

std::vector<WishList::Wish> WishList::take(bool requests, bool orders) {
    const auto isTaken = [&](const Wish& wish) { return wish.lease ? requests : orders; };
    std::vector<Wish> taken;
    std::copy_if(m_wishes.begin(), m_wishes.end(), std::back_inserter(taken), isTaken);
    std::erase_if(m_wishes, isTaken);
    return taken;
}

void WishList::serveRequests(const Lender& lend) {
    std::vector<std::pair<Wish, ModelLease>> served;
    for (Wish& wish : take(true, false)) {
        if (auto lease = lend())
            served.emplace_back(std::move(wish), std::move(*lease));
        else
            m_wishes.push_back(std::move(wish));
    }
    for (auto& [wish, lease] : served)
        wish.lease(std::move(lease));
}

void WishList::serveOrders(const v1::ModelStatus& status) {
    for (const Wish& wish : take(false, true))
        wish.status(status);
}

void WishList::refuseRequests(const Error& error) {
    for (const Wish& wish : take(true, false))
        wish.refuse(error);
}

void WishList::refuseOrders(const Error& error) {
    for (const Wish& wish : take(false, true))
        wish.refuse(error);
}

void WishList::refuseAll(const Error& error) {
    for (const Wish& wish : take(true, true))
        wish.refuse(error);
}

} // namespace mm::lifecycle
