; The installer for Windows, by Inno Setup 6.3 or newer. Never compiled and never run.
; iscc /DVersion=0.1.0 /DSource=C:\path\of\the\folder seedlab.iss
#ifndef Version
  #error Say which version it is: /DVersion=…
#endif
#ifndef Source
  #error Name the folder that make_folder.py has made: /DSource=…
#endif

[Setup]
; One for all releases, so that a newer one takes the place of an older one.
AppId={{6D2B8F0C-52A5-4C0B-9B1E-5C1C1E5A7B11}
AppName=seedlab
AppVersion={#Version}
AppVerName=seedlab {#Version}
AppPublisher=The seedlab developers
DefaultDirName={autopf}\seedlab
DefaultGroupName=seedlab
DisableProgramGroupPage=yes
LicenseFile={#Source}\LICENSE.txt
; For oneself without an administrator, or for all.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
ChangesAssociations=yes
OutputBaseFilename=seedlab-{#Version}
UninstallDisplayIcon={app}\seedlab.ico
Compression=lzma2
SolidCompression=yes
WizardStyle=modern

[Tasks]
Name: "association"; Description: "Open .seedlab documents with seedlab"
Name: "desktop"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; What an older release had, and a newer one has not.
Type: filesandordirs; Name: "{app}\python"

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
; pythonw.exe opens no console beside the window.
Name: "{group}\seedlab"; Filename: "{app}\python\pythonw.exe"; Parameters: "-I -B -m seedlab"; WorkingDir: "{userdocs}"; IconFilename: "{app}\seedlab.ico"
Name: "{autodesktop}\seedlab"; Filename: "{app}\python\pythonw.exe"; Parameters: "-I -B -m seedlab"; WorkingDir: "{userdocs}"; IconFilename: "{app}\seedlab.ico"; Tasks: desktop

[Registry]
; HKA is the user's own part of the registry, or all users', as was chosen.
Root: HKA; Subkey: "Software\Classes\.seedlab"; ValueType: string; ValueData: "io.github.seedlab.lab"; Flags: uninsdeletevalue; Tasks: association
Root: HKA; Subkey: "Software\Classes\.seedlab"; ValueType: string; ValueName: "Content Type"; ValueData: "application/x-seedlab+json"; Flags: uninsdeletevalue; Tasks: association
Root: HKA; Subkey: "Software\Classes\io.github.seedlab.lab"; ValueType: string; ValueData: "seedlab document"; Flags: uninsdeletekey; Tasks: association
Root: HKA; Subkey: "Software\Classes\io.github.seedlab.lab\DefaultIcon"; ValueType: string; ValueData: "{app}\seedlab.ico,0"; Tasks: association
Root: HKA; Subkey: "Software\Classes\io.github.seedlab.lab\shell\open\command"; ValueType: string; ValueData: """{app}\python\pythonw.exe"" -I -B -m seedlab open ""%1"""; Tasks: association

[UninstallDelete]
Type: filesandordirs; Name: "{app}\python"
