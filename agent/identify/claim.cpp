// SPDX-License-Identifier: Apache-2.0
#include "identify/claim.hpp"

namespace tapwarden {

std::string_view to_string(Aspect aspect) {
  switch (aspect) {
    case Aspect::platform:
      return "platform";
    case Aspect::brand:
      return "brand";
    case Aspect::component:
      return "component";
    case Aspect::client:
      return "client";
    case Aspect::model:
      return "model";
    case Aspect::software:
      return "software";
    case Aspect::serial:
      return "serial";
    case Aspect::role:
      return "role";
    case Aspect::identity:
      return "identity";
    case Aspect::system:
      return "system";
    case Aspect::former:
      return "former";
  }
  return "platform";
}

double weight(Certainty certainty) {
  switch (certainty) {
    case Certainty::low:
      return 0.2;
    case Certainty::medium:
      return 0.5;
    case Certainty::high:
      return 0.9;
  }
  return 0;
}

std::string_view to_string(Certainty certainty) {
  switch (certainty) {
    case Certainty::low:
      return "low";
    case Certainty::medium:
      return "medium";
    case Certainty::high:
      return "high";
  }
  return "low";
}

void set_provenance(Claim& claim, const Observation& observation) {
  claim.protocol = observation.protocol;
  claim.field = observation.field;
  claim.frame = observation.frame;
  claim.source = observation.source;
  claim.flow = observation.flow;
  claim.time = observation.time;
}

}  // namespace tapwarden
