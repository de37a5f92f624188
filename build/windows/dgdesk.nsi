; The setup of dgdesk: for one person, without administrator rights, or with /ALLUSERS for the whole PC. `values.nsh`, made
; by setup.py beside the list of files, gives the names in capitals. Exit codes: 0 done, 1 broken off by the person, 2
; failed, and those below.
Target amd64-unicode
Unicode true
!include "values.nsh"
!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "WordFunc.nsh"
!include "FileFunc.nsh"
!include "Win\COM.nsh"
!include "Win\Propkey.nsh"

!define CODE_NEWER_IS_THERE 3
!define CODE_IN_USE 4
!define CODE_OLD_WINDOWS 5
!define CODE_NO_FOLDER 6
!define CODE_NO_RIGHTS 7
!define CODE_OTHER_KIND 8
!define KEY "Software\dgdesk"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\dgdesk"
!define DRAFT "dgdesk.Draft"
!define EDITION "dgdesk.Edition"
!define PRODUCT "แบบสำรวจรัฐบาลดิจิทัลจังหวัด"

Name "${PRODUCT}"
Caption "ติดตั้ง${PRODUCT} (dgdesk ${VERSION})"
UninstallCaption "ถอนการติดตั้ง${PRODUCT}"
BrandingText "dgdesk ${VERSION}"
OutFile "${OUTPUT}"
RequestExecutionLevel user
; No InstallDir: .onInit chooses one, unless /D= on the command line did.
!ifdef QUICKLY
  SetCompressor /FINAL zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif
ManifestDPIAware true
ManifestSupportedOS Win10
ManifestLongPathAware true
; The first run makes the uninstaller alone; setup.py finishes it, and the second run takes it in.
!ifdef UNINSTALLER_ONLY
  !uninstfinalize 'cp "%1" "${UNINSTALLER}"'
!else
  !uninstfinalize 'cp "${UNINSTALLER}" "%1"'
!endif
ShowInstDetails nevershow
ShowUninstDetails nevershow
AllowSkipFiles off
SetOverwrite on

VIProductVersion "${VERSION4}"
VIFileVersion "${VERSION4}"
VIAddVersionKey /LANG=1054 "ProductName" "${PRODUCT}"
VIAddVersionKey /LANG=1054 "FileDescription" "ชุดติดตั้ง${PRODUCT} (dgdesk)"
VIAddVersionKey /LANG=1054 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1054 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=1054 "CompanyName" "The dgdesk contributors"
VIAddVersionKey /LANG=1054 "LegalCopyright" "Apache License 2.0"
VIAddVersionKey /LANG=1054 "OriginalFilename" "${OUTPUT_NAME}"

; ---- pages -----------------------------------------------------------------------------------------------------------
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_ABORTWARNING
!define MUI_ABORTWARNING_TEXT "ต้องการยกเลิกการติดตั้งใช่หรือไม่ ยังไม่มีการเปลี่ยนแปลงใดในเครื่องนี้"
!define MUI_WELCOMEPAGE_TITLE "ติดตั้ง${PRODUCT}"
!define MUI_WELCOMEPAGE_TEXT "$Intro"
!define MUI_DIRECTORYPAGE_TEXT_TOP "โปรแกรมจะติดตั้งลงในโฟลเดอร์ด้านล่างนี้$\r$\nหากต้องการใช้โฟลเดอร์อื่น ให้กด “เลือก...”"
!define MUI_DIRECTORYPAGE_TEXT_DESTINATION "โฟลเดอร์ที่จะติดตั้ง"
!define MUI_PAGE_HEADER_TEXT "เลือกโฟลเดอร์"
!define MUI_PAGE_HEADER_SUBTEXT "โฟลเดอร์ของโปรแกรม ไม่ใช่โฟลเดอร์ของแบบสำรวจ"
!define MUI_FINISHPAGE_TITLE "ติดตั้งเสร็จแล้ว"
!define MUI_FINISHPAGE_TEXT "เปิดโปรแกรมได้จากเมนู Start$\r$\nหรือจากไอคอนบนหน้าจอ$\r$\n$\r$\nไฟล์แบบสำรวจ (.dgdesk)$\r$\nเปิดได้ด้วยการดับเบิลคลิก"
!define MUI_FINISHPAGE_RUN "$INSTDIR\dgdesk.exe"
!define MUI_FINISHPAGE_RUN_TEXT "เปิดโปรแกรมทันที"
!define MUI_FINISHPAGE_NOREBOOTSUPPORT
!define MUI_UNCONFIRMPAGE_TEXT_TOP "โปรแกรมจะถูกถอนออกจากเครื่องนี้$\r$\n$\r$\nไฟล์แบบสำรวจ หลักฐาน กุญแจลงนาม$\r$\nและการตั้งค่าของท่านจะไม่ถูกลบ"
!define MUI_UNCONFIRMPAGE_TEXT_LOCATION "ถอนออกจาก"

Var Intro
Var Before ; the version that is installed, if one is
Var Place ; where it is
Var OnDesktop ; 1 when the desktop shall have the icon
Var ForAll ; 1 when it is for the whole PC

!insertmacro MUI_PAGE_WELCOME
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenUpgrading
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE CheckFolder
!insertmacro MUI_PAGE_DIRECTORY
!define MUI_PAGE_HEADER_TEXT "กำลังติดตั้ง"
!define MUI_PAGE_HEADER_SUBTEXT "โปรดรอสักครู่"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!define MUI_PAGE_HEADER_TEXT "ถอนการติดตั้ง"
!define MUI_PAGE_HEADER_SUBTEXT "${PRODUCT}"
!insertmacro MUI_UNPAGE_CONFIRM
!define MUI_PAGE_HEADER_TEXT "กำลังถอนการติดตั้ง"
!define MUI_PAGE_HEADER_SUBTEXT "โปรดรอสักครู่"
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Thai"

; What NSIS brings in Thai has slips of spelling and speaks of "แฟ้ม" where Windows says "โฟลเดอร์".
!pragma warning disable 6030
LangString ^BackBtn ${LANG_THAI} "< &ย้อนกลับ"
LangString ^NextBtn ${LANG_THAI} "&ถัดไป >"
LangString ^InstallBtn ${LANG_THAI} "&ติดตั้ง"
LangString ^UninstallBtn ${LANG_THAI} "&ถอนการติดตั้ง"
LangString ^CancelBtn ${LANG_THAI} "ยกเลิก"
LangString ^CloseBtn ${LANG_THAI} "&ปิด"
LangString ^BrowseBtn ${LANG_THAI} "เ&ลือก..."
LangString ^ClickInstall ${LANG_THAI} "กด “ติดตั้ง” เพื่อเริ่มติดตั้ง"
LangString ^ClickUninstall ${LANG_THAI} "กด “ถอนการติดตั้ง” เพื่อเริ่ม"
LangString ^DirBrowseText ${LANG_THAI} "เลือกโฟลเดอร์ที่จะติดตั้งโปรแกรม"
LangString ^SpaceAvailable ${LANG_THAI} "พื้นที่ว่าง: "
LangString ^SpaceRequired ${LANG_THAI} "พื้นที่ที่ต้องใช้: "
LangString ^Completed ${LANG_THAI} "เสร็จแล้ว"
LangString ^Extract ${LANG_THAI} "กำลังคัดลอก: "
LangString ^CreateShortcut ${LANG_THAI} "สร้างทางลัด: "
LangString ^Delete ${LANG_THAI} "ลบไฟล์: "
LangString ^RemoveFolder ${LANG_THAI} "ลบโฟลเดอร์: "
LangString ^OutputFolder ${LANG_THAI} "โฟลเดอร์: "
LangString ^CantWrite ${LANG_THAI} "เขียนไฟล์ไม่ได้: "
LangString ^FileError ${LANG_THAI} "เขียนไฟล์ต่อไปนี้ไม่ได้$\r$\n$0$\r$\n$\r$\nโปรดปิดโปรแกรมที่อาจใช้ไฟล์นี้อยู่ แล้วกด “ลองใหม่” หากกด “ยกเลิก” โปรแกรมเดิมจะกลับคืนมา"
LangString ^FileError_NoIgnore ${LANG_THAI} "เขียนไฟล์ต่อไปนี้ไม่ได้$\r$\n$0$\r$\n$\r$\nโปรดปิดโปรแกรมที่อาจใช้ไฟล์นี้อยู่ แล้วกด “ลองใหม่” หากกด “ยกเลิก” โปรแกรมเดิมจะกลับคืนมา"
LangString MUI_TEXT_FINISH_TITLE ${LANG_THAI} "ติดตั้งเสร็จแล้ว"
LangString MUI_TEXT_FINISH_SUBTITLE ${LANG_THAI} "ติดตั้งโปรแกรมเรียบร้อย"
LangString MUI_TEXT_ABORT_TITLE ${LANG_THAI} "ยังติดตั้งไม่สำเร็จ"
LangString MUI_TEXT_ABORT_SUBTITLE ${LANG_THAI} "โปรแกรมที่ติดตั้งไว้เดิมยังใช้ได้ตามปกติ"
LangString MUI_UNTEXT_FINISH_TITLE ${LANG_THAI} "ถอนการติดตั้งแล้ว"
LangString MUI_UNTEXT_FINISH_SUBTITLE ${LANG_THAI} "ไฟล์แบบสำรวจ กุญแจลงนาม และการตั้งค่ายังอยู่ครบ"
LangString MUI_UNTEXT_ABORT_TITLE ${LANG_THAI} "ยังถอนการติดตั้งไม่สำเร็จ"
LangString MUI_UNTEXT_ABORT_SUBTITLE ${LANG_THAI} "โปรดปิดโปรแกรมแล้วลองใหม่"
LangString MUI_BUTTONTEXT_FINISH ${LANG_THAI} "&เสร็จสิ้น"

; ---- pieces ----------------------------------------------------------------------------------------------------------

; A program that runs cannot be opened for writing; one without write permission cannot either, and the sentence fits.
!macro RefuseWhileInUse un
Function ${un}FreeOf
  Exch $0
  again:
  ${If} ${FileExists} "$0"
    ClearErrors
    FileOpen $1 "$0" a
    ${If} ${Errors}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "โปรแกรม${PRODUCT}กำลังเปิดอยู่ (หรือเขียนทับไฟล์ของโปรแกรมไม่ได้)$\r$\n$\r$\nโปรดปิดโปรแกรม แล้วกด “ลองใหม่” คำตอบที่กรอกไว้บันทึกลงไฟล์แล้วทั้งหมด" /SD IDCANCEL IDRETRY again
      SetErrorLevel ${CODE_IN_USE}
      Quit
    ${EndIf}
    FileClose $1
  ${EndIf}
  Pop $0
FunctionEnd
!macroend
!insertmacro RefuseWhileInUse ""
!insertmacro RefuseWhileInUse "un."

; A folder can be called by several names, so a file is put into this one and looked for in the other. Where none can be
; put, it is the other as far as one can say.
!macro IsThisFolder un
Function ${un}IsThisFolder ; takes a folder, leaves 1 or 0
  Exch $0
  Push $1
  Push $2
  StrCpy $1 0
  ${If} $0 == $INSTDIR
    StrCpy $1 1
  ${ElseIf} $0 != ""
  ${AndIf} ${FileExists} "$0\dgdesk.exe"
    ClearErrors
    FileOpen $2 "$INSTDIR\dgdesk-setup.part" w
    ${If} ${Errors}
      StrCpy $1 1
    ${Else}
      FileClose $2
      ${If} ${FileExists} "$0\dgdesk-setup.part"
        StrCpy $1 1
      ${EndIf}
      Delete "$INSTDIR\dgdesk-setup.part"
    ${EndIf}
  ${EndIf}
  StrCpy $0 $1
  Pop $2
  Pop $1
  Exch $0
FunctionEnd
!macroend
!insertmacro IsThisFolder ""
!insertmacro IsThisFolder "un."

; The taskbar groups windows and shortcuts by this name; the program gives itself the same.
Function NameShortcut
  Exch $9
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Load} $1 '(r9,${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
      ${If} $2 P<> 0
        System::Call 'ole32::CoTaskMemAlloc(p 128)p.r5'
        System::Call '*$5(&w63 "${TASKBAR_NAME}")'
        System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r3'
        System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_LPWSTR},,p r5)p.r4'
        ${IPropertyStore::SetValue} $2 '(r3,r4)'
        ${IPropertyStore::Commit} $2 ""
        System::Call 'ole32::CoTaskMemFree(p r5)'
        System::Free $3
        System::Free $4
        ${IUnknown::Release} $2 ""
        ${IPersistFile::Save} $1 '(r9,1)'
      ${EndIf}
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
  Pop $9
FunctionEnd

!macro Shortcut path
  CreateShortcut "${path}" "$INSTDIR\dgdesk.exe" "" "$INSTDIR\dgdesk.exe" 0 SW_SHOWNORMAL "" "กรอกแบบสำรวจระดับความพร้อมรัฐบาลดิจิทัลของจังหวัด"
  Push "${path}"
  Call NameShortcut
!macroend

; Names at the top of the program's folder are moved aside before the new ones come, and come back if that fails.
!macro SetAside name
  ${If} ${FileExists} "$INSTDIR\${name}"
    RMDir /r "$INSTDIR\${name}.old"
    Delete "$INSTDIR\${name}.old"
    ClearErrors
    Rename "$INSTDIR\${name}" "$INSTDIR\${name}.old"
    ${If} ${Errors}
      Call BringBack
      SetErrorLevel ${CODE_IN_USE}
      Abort "โปรแกรมกำลังถูกใช้งาน จึงยังไม่ได้ติดตั้ง โปรแกรมเดิมยังใช้ได้ตามปกติ"
    ${EndIf}
  ${EndIf}
!macroend
!macro BringBackOne name
  ${If} ${FileExists} "$INSTDIR\${name}.old"
    RMDir /r "$INSTDIR\${name}"
    Delete "$INSTDIR\${name}"
    Rename "$INSTDIR\${name}.old" "$INSTDIR\${name}"
  ${EndIf}
!macroend
!macro DropOld name
  RMDir /r "$INSTDIR\${name}.old"
  Delete "$INSTDIR\${name}.old"
!macroend

Function BringBack
  !insertmacro EachTopName BringBackOne
FunctionEnd

; ---- before anything is done -----------------------------------------------------------------------------------------

; One kind of installation a PC: two copies would each take the drafts' double click, and only one would be renewed.
; Registry, Start menu and desktop are SHCTX's from here on: the person's, or the PC's.
!macro RefuseOtherKind where
  MessageBox MB_OK|MB_ICONSTOP "เครื่องนี้ติดตั้ง${PRODUCT}อีกแบบไว้แล้ว ที่ ${where}$\r$\n$\r$\nการติดตั้งสำหรับทั้งเครื่องและสำหรับผู้ใช้คนเดียวใช้พร้อมกันไม่ได้ จึงยังไม่ได้ติดตั้ง โปรดถอนการติดตั้งที่มีอยู่ก่อน แบบสำรวจและกุญแจลงนามจะไม่ถูกลบ" /SD IDOK
  SetErrorLevel ${CODE_OTHER_KIND}
  Quit
!macroend

!macro HasRights un
Function ${un}HasRights ; leaves 1 or 0
  UserInfo::GetAccountType
  Pop $0
  ${If} $0 == "Admin"
    Push 1
  ${Else}
    Push 0
  ${EndIf}
FunctionEnd
!macroend
!insertmacro HasRights ""
!insertmacro HasRights "un."

Function ChooseKind
  StrCpy $ForAll 0
  ${GetParameters} $1
  ClearErrors
  ${GetOptions} $1 "/ALLUSERS" $2
  ${IfNot} ${Errors}
    StrCpy $ForAll 1
  ${EndIf}
  ${If} $ForAll = 1
    Call HasRights
    Pop $0
    ${If} $0 = 0
      MessageBox MB_OK|MB_ICONSTOP "การติดตั้งสำหรับทั้งเครื่องต้องใช้สิทธิ์ผู้ดูแลระบบ จึงยังไม่ได้ติดตั้ง โปรดเปิดชุดติดตั้งด้วยสิทธิ์ผู้ดูแลระบบ หรือติดตั้งโดยไม่ใช้ /ALLUSERS" /SD IDOK
      SetErrorLevel ${CODE_NO_RIGHTS}
      Quit
    ${EndIf}
    ; Of every person whose profile can be read, not only of whoever installs.
    FindFirst $3 $4 "$PROFILE\..\*.*"
    ${DoWhile} $4 != ""
      ${If} ${FileExists} "$PROFILE\..\$4\AppData\Local\Programs\dgdesk\dgdesk.exe"
        FindClose $3
        !insertmacro RefuseOtherKind "$PROFILE\..\$4\AppData\Local\Programs\dgdesk"
      ${EndIf}
      FindNext $3 $4
    ${Loop}
    FindClose $3
    ReadRegStr $0 HKCU "${KEY}" "InstallDir"
    ${If} $0 != ""
    ${AndIf} ${FileExists} "$0\dgdesk.exe"
      !insertmacro RefuseOtherKind "$0"
    ${EndIf}
    SetShellVarContext all
    StrCpy $1 "$PROGRAMFILES64\dgdesk"
  ${Else}
    ReadRegStr $0 HKLM "${KEY}" "InstallDir"
    ${If} $0 != ""
    ${AndIf} ${FileExists} "$0\dgdesk.exe"
      !insertmacro RefuseOtherKind "$0"
    ${EndIf}
    SetShellVarContext current
    StrCpy $1 "$LOCALAPPDATA\Programs\dgdesk"
  ${EndIf}
  ${If} $INSTDIR == ""
    ReadRegStr $0 SHCTX "${KEY}" "InstallDir"
    ${If} $0 != ""
      StrCpy $1 $0
    ${EndIf}
    StrCpy $INSTDIR $1
  ${EndIf}
FunctionEnd

Function .onInit
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${AtLeastBuild} 17763
    MessageBox MB_OK|MB_ICONSTOP "โปรแกรมนี้ใช้ได้บน Windows 10 รุ่น 1809 ขึ้นไป หรือ Windows 11 เครื่องนี้เก่ากว่านั้น จึงยังไม่ได้ติดตั้ง โปรดใช้เครื่องอื่นหรือแจ้งผู้ดูแลระบบ" /SD IDOK
    SetErrorLevel ${CODE_OLD_WINDOWS}
    Quit
  ${EndIf}
  Call ChooseKind
  ReadRegStr $Place SHCTX "${KEY}" "InstallDir"
  ReadRegStr $Before SHCTX "${KEY}" "Version"
  ${IfNot} ${FileExists} "$Place\dgdesk.exe"
    StrCpy $Before ""
  ${EndIf}
  ${If} $Before != ""
    ${VersionCompare} "$Before" "${VERSION}" $0
    ${If} $0 == 1
      MessageBox MB_OK|MB_ICONSTOP "เครื่องนี้มี${PRODUCT}รุ่น $Before ซึ่งใหม่กว่าชุดติดตั้งนี้ (รุ่น ${VERSION}) อยู่แล้ว จึงไม่ได้ติดตั้งทับ$\r$\n$\r$\nโปรดใช้โปรแกรมที่มีอยู่ต่อไป หากจำเป็นต้องกลับไปใช้รุ่นเก่า โปรดถอนการติดตั้งรุ่น $Before ก่อน แบบสำรวจและกุญแจลงนามจะไม่ถูกลบ" /SD IDOK
      SetErrorLevel ${CODE_NEWER_IS_THERE}
      Quit
    ${EndIf}
    Push "$Place\dgdesk.exe"
    Call FreeOf
    Push "$Place\dgdesk-cli.exe"
    Call FreeOf
    ; Lines are broken here: not every Windows knows where Thai words end.
    StrCpy $Intro "เครื่องนี้มีโปรแกรมรุ่น $Before อยู่แล้ว$\r$\nจะปรับเป็นรุ่น ${VERSION}$\r$\n$\r$\nไฟล์แบบสำรวจ หลักฐาน กุญแจลงนาม$\r$\nและการตั้งค่าของท่านจะคงอยู่ครบ$\r$\n$\r$\nกด “ถัดไป” เพื่อดำเนินการต่อ"
  ${Else}
    ${If} $ForAll = 1
      StrCpy $0 "ติดตั้งสำหรับผู้ใช้ทุกคนของเครื่องนี้"
    ${Else}
      StrCpy $0 "ติดตั้งเฉพาะสำหรับผู้ใช้นี้$\r$\nไม่ต้องใช้สิทธิ์ผู้ดูแลระบบ"
    ${EndIf}
    StrCpy $Intro "โปรแกรมนี้ใช้กรอกแบบสำรวจ$\r$\nระดับความพร้อมรัฐบาลดิจิทัลของจังหวัด$\r$\nโดยไม่ต้องเชื่อมต่ออินเทอร์เน็ต$\r$\n$\r$\n$0$\r$\n$\r$\nกด “ถัดไป” เพื่อดำเนินการต่อ"
  ${EndIf}
FunctionEnd

Function SkipWhenUpgrading
  ${If} $Before != ""
    Abort
  ${EndIf}
FunctionEnd

Function FolderCanBeWritten ; leaves 1 or 0
  ClearErrors
  CreateDirectory "$INSTDIR"
  FileOpen $0 "$INSTDIR\dgdesk-setup.part" w
  ${If} ${Errors}
    Push 0
  ${Else}
    FileClose $0
    Delete "$INSTDIR\dgdesk-setup.part"
    Push 1
  ${EndIf}
FunctionEnd

!define NO_FOLDER "เขียนลงโฟลเดอร์ $INSTDIR ไม่ได้ โปรดเลือกโฟลเดอร์อื่นที่ท่านมีสิทธิ์เขียน เช่น โฟลเดอร์ที่โปรแกรมเสนอไว้"

Function CheckFolder
  Call FolderCanBeWritten
  Pop $0
  ${If} $0 = 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "${NO_FOLDER}"
    Abort
  ${EndIf}
FunctionEnd

; ---- installing ------------------------------------------------------------------------------------------------------

Section
  Call FolderCanBeWritten
  Pop $0
  ${If} $0 = 0
    SetErrorLevel ${CODE_NO_FOLDER}
    Abort "${NO_FOLDER}"
  ${EndIf}
  !insertmacro EachTopName SetAside
  !ifndef UNINSTALLER_ONLY
    !insertmacro WriteFiles
  !endif
  WriteUninstaller "$INSTDIR\uninstall.exe"
  SetOutPath "$INSTDIR"

  StrCpy $OnDesktop 0
  ${If} $Before == ""
  ${OrIf} ${FileExists} "$DESKTOP\${PRODUCT}.lnk"
    StrCpy $OnDesktop 1
  ${EndIf}

  ; Installed elsewhere before: that copy goes, so that only one is there.
  Push $Place
  Call IsThisFolder
  Pop $0
  ${If} $Before != ""
  ${AndIf} $0 = 0
    ExecWait '"$Place\uninstall.exe" /S _?=$Place'
    Delete "$Place\uninstall.exe"
    RMDir "$Place"
  ${EndIf}

  !insertmacro Shortcut "$SMPROGRAMS\${PRODUCT}.lnk"
  ; Whoever took the icon off the desktop does not get it back with every new version.
  ${If} $OnDesktop = 1
    !insertmacro Shortcut "$DESKTOP\${PRODUCT}.lnk"
  ${EndIf}

  WriteRegStr SHCTX "Software\Classes\.dgdesk" "" "${DRAFT}"
  WriteRegStr SHCTX "Software\Classes\.dgdesk\OpenWithProgids" "${DRAFT}" ""
  WriteRegStr SHCTX "Software\Classes\${DRAFT}" "" "${PRODUCT}"
  WriteRegStr SHCTX "Software\Classes\${DRAFT}" "AppUserModelID" "${TASKBAR_NAME}"
  WriteRegStr SHCTX "Software\Classes\${DRAFT}\DefaultIcon" "" "$INSTDIR\dgdesk.exe,0"
  WriteRegStr SHCTX "Software\Classes\${DRAFT}\shell\open\command" "" '"$INSTDIR\dgdesk.exe" "%1"'
  WriteRegStr SHCTX "Software\Classes\.dgedition" "" "${EDITION}"
  WriteRegStr SHCTX "Software\Classes\.dgedition\OpenWithProgids" "${EDITION}" ""
  WriteRegStr SHCTX "Software\Classes\${EDITION}" "" "${PRODUCT}"
  WriteRegStr SHCTX "Software\Classes\${EDITION}" "AppUserModelID" "${TASKBAR_NAME}"
  WriteRegStr SHCTX "Software\Classes\${EDITION}\DefaultIcon" "" "$INSTDIR\dgdesk.exe,0"
  WriteRegStr SHCTX "Software\Classes\${EDITION}\shell\open\command" "" '"$INSTDIR\dgdesk.exe" "%1"'
  ; SHCNE_ASSOCCHANGED
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'

  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "${PRODUCT} (dgdesk)"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\dgdesk.exe,0"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "Publisher" "The dgdesk contributors"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" ${KIBIBYTES}
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1
  WriteRegStr SHCTX "${KEY}" "InstallDir" "$INSTDIR"
  WriteRegStr SHCTX "${KEY}" "Version" "${VERSION}"
  !insertmacro EachTopName DropOld
SectionEnd

Function .onInstFailed
  Call BringBack
FunctionEnd

; ---- uninstalling: what setup wrote, by name; a file that somebody else put there stays ------------------------------

Function un.onInit
  SetShellVarContext current
  ReadRegStr $0 HKLM "${KEY}" "InstallDir"
  Push $0
  Call un.IsThisFolder
  Pop $0
  ${If} $0 = 1
    Call un.HasRights
    Pop $0
    ${If} $0 = 0
      MessageBox MB_OK|MB_ICONSTOP "โปรแกรมนี้ติดตั้งไว้สำหรับทั้งเครื่อง การถอนต้องใช้สิทธิ์ผู้ดูแลระบบ จึงยังไม่ได้ถอน โปรดแจ้งผู้ดูแลระบบ" /SD IDOK
      SetErrorLevel ${CODE_NO_RIGHTS}
      Quit
    ${EndIf}
    SetShellVarContext all
  ${EndIf}
  Push "$INSTDIR\dgdesk.exe"
  Call un.FreeOf
  Push "$INSTDIR\dgdesk-cli.exe"
  Call un.FreeOf
FunctionEnd

Section "Uninstall"
  SetOutPath "$TEMP"
  !insertmacro DeleteFiles
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"

  ; Shortcuts and registry are the newest installation's, which may lie elsewhere by now. A folder can be called by several
  ; names, so what is asked is whether the program is still there.
  ReadRegStr $0 SHCTX "${KEY}" "InstallDir"
  ${IfNot} ${FileExists} "$0\dgdesk.exe"
    Delete "$SMPROGRAMS\${PRODUCT}.lnk"
    Delete "$DESKTOP\${PRODUCT}.lnk"
    ReadRegStr $0 SHCTX "Software\Classes\.dgdesk" ""
    ${If} $0 == "${DRAFT}"
      DeleteRegValue SHCTX "Software\Classes\.dgdesk" ""
    ${EndIf}
    DeleteRegValue SHCTX "Software\Classes\.dgdesk\OpenWithProgids" "${DRAFT}"
    DeleteRegKey /ifempty SHCTX "Software\Classes\.dgdesk\OpenWithProgids"
    DeleteRegKey /ifempty SHCTX "Software\Classes\.dgdesk"
    DeleteRegKey SHCTX "Software\Classes\${DRAFT}"
    ReadRegStr $0 SHCTX "Software\Classes\.dgedition" ""
    ${If} $0 == "${EDITION}"
      DeleteRegValue SHCTX "Software\Classes\.dgedition" ""
    ${EndIf}
    DeleteRegValue SHCTX "Software\Classes\.dgedition\OpenWithProgids" "${EDITION}"
    DeleteRegKey /ifempty SHCTX "Software\Classes\.dgedition\OpenWithProgids"
    DeleteRegKey /ifempty SHCTX "Software\Classes\.dgedition"
    DeleteRegKey SHCTX "Software\Classes\${EDITION}"
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
    DeleteRegKey SHCTX "${UNINSTALL_KEY}"
    DeleteRegKey SHCTX "${KEY}"
  ${EndIf}
SectionEnd
