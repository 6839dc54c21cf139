"""What macOS is told of seedlab.app: its names, and the documents that it opens."""

import plistlib

from identity import MIME_TYPE, Identity

LAB_TYPE_SUFFIX = "lab"
MINIMUM_MACOS = "13.0"
"""What PySide6 6.10 needs."""


def info_plist(seedlab: Identity) -> bytes:
    """Return Info.plist, as "Information Property List" in Apple's documentation describes it."""
    lab = f"{seedlab.application_id}.{LAB_TYPE_SUFFIX}"
    about: dict[str, object] = {
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundlePackageType": "APPL",
        "CFBundleName": seedlab.title,
        "CFBundleDisplayName": seedlab.title,
        "CFBundleIdentifier": seedlab.application_id,
        "CFBundleExecutable": seedlab.name,
        "CFBundleIconFile": f"{seedlab.name}.icns",
        "CFBundleShortVersionString": seedlab.version,
        "CFBundleVersion": seedlab.version,
        "CFBundleDevelopmentRegion": "en",
        "LSMinimumSystemVersion": MINIMUM_MACOS,
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "NSHighResolutionCapable": True,
        # Dark where the desktop is.
        "NSRequiresAquaSystemAppearance": False,
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": lab,
                "UTTypeDescription": f"{seedlab.title} document",
                "UTTypeConformsTo": ["public.json"],
                "UTTypeIconFile": f"{seedlab.name}.icns",
                "UTTypeTagSpecification": {
                    "public.filename-extension": [seedlab.name],
                    "public.mime-type": MIME_TYPE,
                },
            }
        ],
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": f"{seedlab.title} document",
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
