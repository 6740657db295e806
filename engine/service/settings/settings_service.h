// What the faces may ask about settings: what they are, where each comes from, and changes of them. Any thread; the
// reply comes once, on the engine thread. NotFound for a name that there is none of; ValidationError, with the sentence
// that a flag would get, for a value that it does not take.
#pragma once

#include "engine/base/reply.h"
#include "modelmora/v1/settings.pb.h"

namespace mm::service {

namespace v1 = modelmora::v1;

class SettingsService {
public:
    virtual ~SettingsService() = default;

    virtual void list(v1::ListSettingsRequest request, Reply<v1::ListSettingsResponse> reply) = 0;
    // All or none; replies with those that were changed once they are kept on the disk.
    virtual void change(v1::ChangeSettingsRequest request, Reply<v1::ListSettingsResponse> reply) = 0;
    virtual void reset(v1::ResetSettingRequest request, Reply<v1::Setting> reply) = 0;
};

} // namespace mm::service
