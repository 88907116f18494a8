// The engine's shapes under the names the screens use, all taken from the generated schema.d.ts. Money is whole
// minor units (`*_minor`), quantities are thousandths (`*_milli`), rates basis points (`*_bp`), instants Unix
// milliseconds (`*_ms`). A shape is refined here only where the contract cannot say it.
import type { components } from "./schema";

type S = components["schemas"];

export type { paths } from "./schema";
export type ErrorBody = S["Error"];
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export type Role = S["Role"];
export type Limits = S["Limits"];
export type Limiter = S["Limiter"];
export type Me = S["Me"];
export type Membership = S["MyRestaurant"];
export type SetupState = S["SetupState"];
export type SetupRequest = S["SetupRequest"];
export type Permission = S["Permission"];
export type Restaurant = S["Restaurant"];
export type Locale = S["Locale"];
export type RestaurantChange = S["SettingsChange"];

export type Practice = S["Practice"];
export type WallClock = S["WallClock"];
export type ClockJump = S["ClockJump"];

export type Station = S["Station"];
export type Menu = S["Menu"];
export type MenuCategory = S["Category"];
export type MenuItem = S["Item"];
export type ModifierGroup = S["ModifierGroup"];
export type ModifierWish = S["ModifierWish"];
export type Variant = S["Variant"];
export type Modifier = S["Modifier"];
export type MenuNow = S["MenuNow"];
export type MenuHit = S["Hit"];
export type PriceList = S["PriceList"];
export type PriceListInput = S["PriceListInput"];
export type Colour = S["Colour"];
export type MenuPreview = S["MenuPreview"];
export type MenuImported = S["MenuImported"];
export type MenuImage = S["Image"];

export type Service = S["Service"];
export type LineState = S["LineState"];
export type Line = S["Line"];
export type NewLine = S["NewLine"];
export type DraftBody = S["DraftBody"];
export type SavedDraft = S["Draft"];
export type Check = S["Check"];
export type Discount = S["Discount"];
export type Payment = S["Payment"];
export type Invoice = S["Invoice"];
export type Journal = S["Journal"];
export type Account = S["Account"];
export type Refundable = S["Refundable"];
export type RefundPreview = S["RefundPreview"];
export type NewRefund = S["NewRefund"];
export type TaxLine = S["RateTax"];
export type OrderSummary = S["OrderSummary"];
export type Order = S["Order"];
export type HistoryEntry = Omit<S["HistoryEntry"], "changes"> & {
  changes: { table: string; op: string; key: unknown; before: unknown; after: unknown }[];
};

export type Floor = S["Floor"];
export type FloorArea = S["FloorArea"];
export type FloorAreaInput = S["AreaInput"];
export type FloorTable = S["FloorTable"];
export type FloorTableInput = S["FloorTableInput"];
export type FloorSpot = S["FloorSpot"];
export type NewFloor = S["NewFloor"];
export type TableShape = S["TableShape"];
export type TableState = S["TableState"];
export type TableOrder = S["TableOrder"];

export type Kitchen = S["Kitchen"];
export type TicketLine = S["TicketLine"];
export type TicketLines = S["TicketLines"];
export type Brought = S["Brought"];
export type KitchenStation = S["KitchenStation"];
export type KitchenTimes = S["KitchenTimes"];
export type PrintJobs = S["PrintJobs"];
export type PrintJob = S["PrintJob"];
export type Printer = S["Printer"];
export type PrinterInput = S["PrinterInput"];
export type Paper = S["Paper"];
export type PaperRow = S["PaperRow"];
export type CheckPaper = S["CheckPaper"];

export type Totals = S["Totals"];
export type Till = S["Till"];
export type NewCashMove = S["NewCashMove"];
export type TillSession = S["TillSession"];
export type ZReport = S["ZReport"];

export type Today = S["Today"];
export type ReportSummary = S["ReportSummary"];
export interface Report<T> {
  from: string;
  to: string;
  rows: T[];
}
export type DayRow = S["DayRow"];
export type HourRow = S["HourRow"];
export type WeekRow = S["WeekRow"];
export type ItemRow = S["ItemRow"];
export type CategoryRow = S["CategoryRow"];
export type StaffRow = S["StaffRow"];
export type TenderRow = S["TenderRow"];
export type TaxRow = S["TaxRow"];
export type Rewind = S["Rewind"];
export type RewindView = S["RewindView"];
export type RewindDay = S["RewindDay"];
export type RewindFigures = S["RewindFigures"];
export type RewindCompared = S["RewindCompared"];
export type BackupsOverview = S["BackupsOverview"];
export type BackupTarget = S["BackupTarget"];
export type BackupBase = S["BackupBase"];
export type BackupWindow = S["BackupWindow"];
export type BackupRun = S["BackupRun"];
export type BackupRetention = S["BackupRetention"];
export type BackupsGoing = S["BackupsGoing"];
export type BackupFigures = S["BackupFigures"];
export type BackupFile = S["BackupFile"];
export type BackupCopy = S["BackupCopy"];
export type BackupCollection = "menu" | "floor" | "stations";
export type BackupCollectionPreview = S["BackupCollectionPreview"];
export type Restore = S["Restore"];
export type Flag = S["InboxItem"];
export type Person = S["StaffMember"];

export type ImportMapping = S["Mapping"];
export type ImportPreview = S["Preview"];
export type ImportResult = S["ImportDone"];
export type ImportRun = S["ImportRun"];
export type PastImport = S["Import"];

export type OwnClock = S["OwnClock"];
export type Shift = S["Shift"];
export type TimeSheet = S["Sheet"];
export type Times = S["Times"];
export type TimeSpan = S["Span"];
export type Task = S["Task"];
export type Tasks = S["Tasks"];
export type TaskInput = S["TaskInput"];
export type Roles = S["Roles"];
export type ChainState = S["ChainState"];
export type AuditEntry = Omit<S["AuditEntry"], "changes"> & { changes: HistoryEntry["changes"] };

export type SyncOverview = S["SyncOverview"];
export type SyncDevice = S["DeviceView"];
export type SyncState = S["SyncState"];
export type LinkCode = S["NewLinkCode"];
export type House = S["House"];
export type HouseDevice = S["HouseDevice"];
export type HouseDevices = S["HouseDevices"];
export type WaitingDevice = S["WaitingDevice"];
export type PairingCode = S["PairingCode"];
export type PairingAsked = S["PairingAsked"];
export type PairingLook = S["PairingLook"];
export type NearbyList = S["NearbyList"];
export type Joining = S["Joining"];
export type SetupRestore = S["SetupRestore"];
export type SetupRestoreFound = S["SetupRestoreFound"];
export type NewSetupRestore = S["NewSetupRestore"];

export type Checkup = S["Checkup"];
export type HealthPart = S["Part"];
export type HealthMinute = S["Minute"];
export type CacheFigures = S["CacheFigures"];
export type CacheTag = S["CacheTag"];
export type Job = S["Job"];
export type Jobs = S["Jobs"];
export type JobRun = S["JobRun"];
export type JobRuns = Page<JobRun>;
export type LogLine = S["LogLine"];
export type LogLines = S["LogLines"];
export type LogStream = S["Stream"];
export type LogLevel = S["Level"];
export type Branch = S["Branch"];
export type CurrencySales = S["CurrencySales"];
export type ChainSales = S["ChainSales"];
export type MenuWouldTake = S["WouldTake"];
export type MenuTook = S["TookMenu"];
