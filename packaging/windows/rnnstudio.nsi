; The Windows installer: for one user, without administrator rights.   packaging/windows/installer.sh
; Silent: rnnstudio-VERSION-windows.exe /S; uninstall.exe /S. The script defines VERSION, PAYLOAD and OUTPUT.
Target amd64-unicode ; TensorFlow requires 64 bits
SetCompressor /SOLID lzma
!include "MUI2.nsh"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\rnnstudio"

Name "rnnstudio ${VERSION}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\rnnstudio"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
RequestExecutionLevel user
BrandingText " "

!define MUI_ICON "${ICONS}/rnnstudio.ico"
!define MUI_UNICON "${ICONS}/rnnstudio.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\rnnstudio-studio.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Open rnnstudio"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "rnnstudio"
VIAddVersionKey "FileDescription" "rnnstudio installer"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT licence"

Section "rnnstudio"
  ; An older version is removed first, so that none of its files remain; runs and preferences are in another folder.
  ; Nothing is changed in a folder of another program, or while rnnstudio is running, because its file is locked then.
  IfFileExists "$INSTDIR\_internal\*.*" 0 install
    IfFileExists "$INSTDIR\rnnstudio-studio.exe" upgrade
      StrCpy $0 "$INSTDIR contains another program. Choose another folder."
      Goto refuse
    upgrade:
    ClearErrors
    Delete "$INSTDIR\rnnstudio-studio.exe"
    Delete "$INSTDIR\rnnstudio.exe"
    IfErrors 0 unlocked
      StrCpy $0 "rnnstudio is running. Close it, then start the installer again."
      Goto refuse
    unlocked:
    RMDir /r "$INSTDIR\_internal"
    RMDir /r "$INSTDIR\licenses"
    Goto install
  refuse:
    MessageBox MB_OK|MB_ICONSTOP "$0" /SD IDOK
    SetErrorLevel 2
    Quit
  install:
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*"
  File "${ICONS}/rnnrun.ico"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\rnnstudio.lnk" "$INSTDIR\rnnstudio-studio.exe"

  WriteRegStr HKCU "Software\Classes\.rnnrun" "" "rnnstudio.run"
  WriteRegStr HKCU "Software\Classes\rnnstudio.run" "" "rnnstudio run"
  WriteRegStr HKCU "Software\Classes\rnnstudio.run\DefaultIcon" "" "$INSTDIR\rnnrun.ico"
  WriteRegStr HKCU "Software\Classes\rnnstudio.run\shell\open\command" "" '"$INSTDIR\rnnstudio-studio.exe" open "%1"'
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)' ; file types have changed

  WriteRegStr HKCU "${KEY}" "DisplayName" "rnnstudio"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\rnnstudio-studio.exe"
  WriteRegStr HKCU "${KEY}" "Publisher" "The rnnstudio developers"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  ; Removes only installed files, because the user may have chosen a folder with other files.
  ClearErrors
  Delete "$INSTDIR\rnnstudio-studio.exe"
  Delete "$INSTDIR\rnnstudio.exe"
  IfErrors 0 +4
    MessageBox MB_OK|MB_ICONSTOP "rnnstudio is running. Close it, then start the uninstaller again." /SD IDOK
    SetErrorLevel 2
    Quit
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licenses"
  Delete "$INSTDIR\rnnrun.ico"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\rnnstudio.lnk"
  DeleteRegKey HKCU "Software\Classes\.rnnrun"
  DeleteRegKey HKCU "Software\Classes\rnnstudio.run"
  DeleteRegKey HKCU "${KEY}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
