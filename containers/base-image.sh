#!/usr/bin/env bash
# Provides the base image of the Dockerfiles here: takes what is there, else pulls it, else makes it from Debian's packages.
# Needs a Docker engine; for the last way a Debian mirror and root (mmdebstrap is installed when it is missing).
set -euo pipefail

image="${BASE_IMAGE:-debian:bookworm-slim}"
if docker image inspect "$image" >/dev/null 2>&1 || timeout 90 docker pull -q "$image" >/dev/null 2>&1; then
  exit 0
fi
if [ "$image" != debian:bookworm-slim ]; then
  echo "image $image is not here and cannot be pulled" >&2
  exit 1
fi
if ! command -v mmdebstrap >/dev/null; then
  timeout 120 apt-get update -qq
  DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
fi
echo "making $image with mmdebstrap"
mmdebstrap --quiet --variant=minbase bookworm - | docker import --change 'CMD ["bash"]' - "$image" >/dev/null
