#include "engine/service/guard/known_models.h"

#include "engine/service/guard/scope_views.h"

#include <algorithm>
#include <utility>

namespace mm::service {
namespace {

constexpr int kPageSize = 100; // the most that the registry gives at once

} // namespace

KnownModels::KnownModels(ModelService& models, v1::ListModelsRequest request, Reply<v1::ListModelsResponse> reply)
    : m_models(models), m_identity(CallerScope::identity()), m_request(std::move(request)), m_reply(std::move(reply)) {}

void KnownModels::ask() {
    v1::ListModelsRequest request = m_request;
    if (m_next > 0) {
        request.mutable_pagination()->set_page(m_next);
        request.mutable_pagination()->set_page_size(kPageSize);
    }
    m_models.listModels(std::move(request), [self = shared_from_this()](Result<v1::ListModelsResponse> page) {
        self->take(std::move(page));
    });
}

void KnownModels::take(Result<v1::ListModelsResponse> page) {
    if (!page.ok())
        return m_reply(std::move(page));
    if (m_next == 0) {
        m_page = page->pagination();
        m_next = 1;
        return ask();
    }
    const bool isLast = m_next >= page->pagination().total_pages();
    leaveOut(*m_identity, *page);
    m_known.mutable_models()->MergeFrom(page->models());
    if (isLast)
        return m_reply(asked());
    ++m_next;
    ask();
}

v1::ListModelsResponse KnownModels::asked() const {
    const int total = m_known.models_size();
    const int size = std::max(m_page.page_size(), 1);
    v1::ListModelsResponse response;
    *response.mutable_pagination() = m_page;
    response.mutable_pagination()->set_total(total);
    response.mutable_pagination()->set_total_pages((total + size - 1) / size);
    for (int i = std::max(m_page.page() - 1, 0) * size; i < std::min(total, m_page.page() * size); ++i)
        *response.add_models() = m_known.models(i);
    return response;
}

} // namespace mm::service
