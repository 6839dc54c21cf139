"""What macOS is told of seedlab.app: its names, and the documents that it opens."""

import plistlib

LAB_TYPE_SUFFIX = "lab"
MINIMUM_MACOS = "13.0"
"""What PySide6 6.10 needs."""


def info_plist(name: str, title: str, application_id: str, version: str, mime_type: str) -> bytes:
    """Return Info.plist, as "Information Property List" in Apple's documentation describes it."""
    lab = f"{application_id}.{LAB_TYPE_SUFFIX}"
    about: dict[str, object] = {
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundlePackageType": "APPL",
        "CFBundleName": title,
        "CFBundleDisplayName": title,
        "CFBundleIdentifier": application_id,
        "CFBundleExecutable": name,
        "CFBundleIconFile": f"{name}.icns",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "LSMinimumSystemVersion": MINIMUM_MACOS,
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "NSHighResolutionCapable": True,
        # Dark where the desktop is.
        "NSRequiresAquaSystemAppearance": False,
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": lab,
                "UTTypeDescription": f"{title} document",
                "UTTypeConformsTo": ["public.json"],
                "UTTypeIconFile": f"{name}.icns",
                "UTTypeTagSpecification": {
                    "public.filename-extension": [name],
                    "public.mime-type": mime_type,
                },
            }
        ],
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": f"{title} document",
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [lab],
            },
            # Pictures with a lab inside, and scripts: what else opens them stays what opens them by itself.
            {
                "CFBundleTypeName": "Script, or picture of a comparison",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.python-script", "public.png", "public.svg-image"],
            },
        ],
    }
    return plistlib.dumps(about, sort_keys=False)
