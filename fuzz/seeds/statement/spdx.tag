SPDXVersion: SPDX-2.3
PackageName: a
PackageVersion: 1
ExternalRef: PACKAGE-MANAGER purl pkg:deb/a@1
