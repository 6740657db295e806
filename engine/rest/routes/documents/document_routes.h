// The description of the API and the page that shows it: GET /api/v1/openapi.json and .yaml, /docs and what it is made
// of. All of it comes out of the program; the page asks no other address.
#pragma once

#include "engine/rest/router.h"

namespace mm::rest::documents {

void mount(Router& router);

} // namespace mm::rest::documents
