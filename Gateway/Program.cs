using AspireGateway.Gateway;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Caching;
using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.Caching.Semantic;
using AspireGateway.Gateway.Catalog;
using AspireGateway.Gateway.Content;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Egress.Cached;
using AspireGateway.Gateway.Guardrails;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.PassThrough;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Formats;
using AspireGateway.Gateway.Providers.Groundedness;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Canaries;
using AspireGateway.Gateway.Routing.Pins;
using AspireGateway.Gateway.Routing.Quality.Feedback;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Telemetry.Tracing;
using AspireGateway.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddDataPlane();

var app = builder.Build();

// The journey of a request, step by step.
app.MapJourney(Routes.Journey, journey => journey
    .Decide<IdentifyCaller>()      // who asks?
    .Decide<AdmitRequest>()        // is there room in this process?
    .Decide<ReadRequest>()         // what do they ask?
    .Decide<PlanRoute>()           // may they, and where may it go?
    .Decide<CheckStops>()          // was any of it stopped?
    .Decide<PlanChecks>()          // what will its reply be checked for?
    .Decide<PlanLookup>()          // what may looking for a kept reply cost?
    .Decide<PlanPrefix>()          // may a provider be asked to keep its beginning?
    .Decide<ApproveSpend>()        // must somebody agree to the cost?
    .Decide<ReserveSpend>()        // may they spend it?
    .Decide<OpenContent>()         // are its texts to be kept?
    .Decide<ScreenPrompt>()        // may it leave?
    .Decide<AnswerFromCache>()     // was it answered before?
    .Decide<PreferWarm>()          // who holds its beginning warm?
    .Decide<OpenUsage>()           // booked before it is called
    .Decide<CallProvider>()        // attempts until one stands
    .Decide<CheckFormat>()         // is it in the form that was promised?
    .Decide<CheckGroundedness>()   // does its context support it?
    .Reply<SendReply>()
    .Settle<RememberReply>()       // kept for the next who asks
    .Settle<RememberPrefix>()      // who holds its beginning now?
    .Settle<KeepContent>()         // its texts, where a policy wants them
    .Settle<RecordUsage>()         // one record, whatever happened
    .Settle<CountArms>()           // how did it go in its arm of a canary?
    .Settle<ComparePin>()          // was it the pinned version?
    .Settle<ObserveDeployment>()   // how fast was it?
    .Settle<SettleSpend>()         // what was held becomes what was used
    .Settle<TraceJourney>()        // its spans, where somebody collects them
    .Settle<AdmitRequest>());

// The short journey of a provider's own API: the same admission and books around a proxy.
app.MapPassThrough(journey => journey
    .Decide<IdentifyCaller>()      // who asks?
    .Decide<AdmitRequest>()        // is there room in this process?
    .Decide<ReadAddress>()         // which path of which provider?
    .Decide<ReadRequest>()         // with which body, naming which model?
    .Decide<PlanForward>()         // may they, and with whose credential?
    .Decide<CheckStops>()          // was any of it stopped?
    .Decide<ApproveSpend>()        // must somebody agree to the cost?
    .Decide<ReserveSpend>()        // may they spend it?
    .Decide<OpenContent>()         // are its texts to be kept?
    .Decide<ScreenPrompt>()        // may it leave?
    .Decide<RefuseUnseen>()        // would something pass that nobody can look at?
    .Decide<OpenUsage>()           // booked before it is called
    .Reply<ForwardRequest>()
    .Settle<KeepContent>()         // its texts, where a policy wants them
    .Settle<RecordUsage>()
    .Settle<ComparePin>()          // was it the pinned version?
    .Settle<SettleSpend>()
    .Settle<TraceJourney>()
    .Settle<AdmitRequest>());

// The journey of a question: where would it go, what would it cost?
app.MapJourney([Operation.RoutePreview], journey => journey
    .Decide<IdentifyPreviewer>()   // who asks, or for whom does the portal?
    .Decide<AdmitRequest>()
    .Decide<ReadRequest>()
    .Decide<PlanRoute>()
    .Decide<CheckStops>()
    .Decide<PlanChecks>()
    .Decide<LookAtBudgets>()       // would there be room for it?
    .Reply<SendPreview>()
    .Settle<AdmitRequest>());

// Beside the journeys: what callers may know about themselves, and what operators watch.
app.UseRouting();
app.MapCatalog();
app.MapFeedback();
app.MapGuardrailCheck();
app.MapDefaultEndpoints();
app.MapPrometheus();
app.MapUnknownRoutes();

app.Run();
