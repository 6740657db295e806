// One listing of models for a caller who may know of some only: asks page after page, keeps those, and cuts the page
// that was asked for of them. Lives until it has replied.
#pragma once

#include "engine/service/guard/guard.h"
#include "engine/service/model_service.h"

#include <memory>

namespace mm::service {

class KnownModels : public std::enable_shared_from_this<KnownModels> {
public:
    // In the name of whoever asks now. `models` outlives it.
    KnownModels(ModelService& models, v1::ListModelsRequest request, Reply<v1::ListModelsResponse> reply);
    void ask();

private:
    void take(Result<v1::ListModelsResponse> page);
    [[nodiscard]] v1::ListModelsResponse asked() const;

    ModelService& m_models;
    const access::IdentityPtr m_identity;
    v1::ListModelsRequest m_request;
    v1::PaginationResponse m_page; // that was asked for, as the registry understood it
    v1::ListModelsResponse m_known;
    int m_next = 0; // page to ask for; 0: the one that was asked for, to see whether it may be
    Reply<v1::ListModelsResponse> m_reply;
};

} // namespace mm::service
