; The Windows installer: for one user, without administrator's rights.   packaging/windows/installer.sh
; Silent: rnnstudio-VERSION-windows.exe /S, and the uninstaller alike. VERSION, PAYLOAD and OUTPUT come from the script.
Target amd64-unicode ; TensorFlow is for 64 bits only
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
!define MUI_FINISHPAGE_RUN_TEXT "Open the Studio"
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
  ; An older version goes first, so that no file of it is left; runs and settings lie elsewhere. A folder that another
  ; program has made, whose parts may be called the same, is left alone; so is a program that runs, whose file is locked.
  IfFileExists "$INSTDIR\_internal\*.*" 0 free
    IfFileExists "$INSTDIR\rnnstudio-studio.exe" ours
      StrCpy $0 "$INSTDIR holds another program. Choose another folder."
      Goto refuse
    ours:
    ClearErrors
    Delete "$INSTDIR\rnnstudio-studio.exe"
    Delete "$INSTDIR\rnnstudio.exe"
    IfErrors 0 gone
      StrCpy $0 "rnnstudio is running. Close it, then install again."
      Goto refuse
    gone:
    RMDir /r "$INSTDIR\_internal"
    RMDir /r "$INSTDIR\licenses"
    Goto free
  refuse:
    MessageBox MB_OK|MB_ICONSTOP "$0" /SD IDOK
    SetErrorLevel 2
    Quit
  free:
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
  ; Only what was installed: the folder may be one that the user chose, with other things in it.
  ClearErrors
  Delete "$INSTDIR\rnnstudio-studio.exe"
  Delete "$INSTDIR\rnnstudio.exe"
  IfErrors 0 +4
    MessageBox MB_OK|MB_ICONSTOP "rnnstudio is running. Close it, then remove it again." /SD IDOK
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
