// What the registry tells others. Called on the engine thread, after the change is stored and visible in the catalogue,
// before the reply of the call that made it. A listener may ask the catalogue; it must not destroy it.
#pragma once

#include "engine/registry/model_entry.h"

namespace mm::registry {

class CatalogueListener {
public:
    virtual ~CatalogueListener() = default;
    // A version is new.
    virtual void modelRegistered(const EntryPtr& entry) = 0;
    // Something of a version has changed, be it only which one is current.
    virtual void modelUpdated(const EntryPtr& before, const EntryPtr& after) = 0;
    // A version is gone; removing a model calls it for each.
    virtual void modelRemoved(const EntryPtr& entry) = 0;
};

} // namespace mm::registry
