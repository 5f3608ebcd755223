using System.Reflection;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Benchmarks;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Quality;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tests.Configuration;

/// <summary>The migrated schema serves every mapped entity: each is written with all its values and read back the same.</summary>
public sealed class SchemaTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task EveryEntity_WrittenWhole_IsReadBackTheSame()
    {
        var rows = Rows();
        await using (var db = portal.Db())
        {
            Assert.Equal(
                db.Model.GetEntityTypes().Select(e => e.ClrType.Name).Order(StringComparer.Ordinal),
                rows.Select(r => r.GetType().Name).Append(nameof(ConfigurationState)).Order(StringComparer.Ordinal));
            db.AddRange(rows);
            await db.SaveChangesAsync();
        }

        await using var fresh = portal.Db();
        foreach (var row in rows)
        {
            var entity = fresh.Model.FindEntityType(row.GetType())!;
            var key = entity.FindPrimaryKey()!.Properties.Select(p => p.PropertyInfo!.GetValue(row)).ToArray();
            var read = await fresh.FindAsync(row.GetType(), key);
            Assert.NotNull(read);
            foreach (var property in entity.GetProperties().Select(p => p.PropertyInfo!))
            {
                var expected = property.GetValue(row);
                Assert.False(IsEmpty(expected), $"{row.GetType().Name}.{property.Name} has no value here: the test would not see it lost.");
                Assert.Equal(Comparable(property, expected), Comparable(property, property.GetValue(read)));
            }
        }
        Assert.NotNull(await fresh.ConfigurationStates.SingleAsync());
    }

    // jsonb does not keep blanks; records do not compare their lists.
    private static object? Comparable(PropertyInfo property, object? value) =>
        value is Shared.Domain.Routing.CascadeSettings cascade ? System.Text.Json.JsonSerializer.Serialize(cascade, Shared.Data.DataJson.Default.CascadeSettings)
        : value is Shared.Domain.Reliability.ModelReliability settings ? System.Text.Json.JsonSerializer.Serialize(settings, Shared.Data.DataJson.Default.ModelReliability)
        : value is Shared.Domain.Guardrails.GuardrailSettings guardrails ? System.Text.Json.JsonSerializer.Serialize(guardrails, Shared.Data.DataJson.Default.GuardrailSettings)
        : value is Shared.Domain.Caching.CacheSettings caching ? System.Text.Json.JsonSerializer.Serialize(caching, Shared.Data.DataJson.Default.CacheSettings)
        : value is Shared.Domain.Content.ContentSettings content ? System.Text.Json.JsonSerializer.Serialize(content, Shared.Data.DataJson.Default.ContentSettings)
        : value is QualityBars bars ? System.Text.Json.JsonSerializer.Serialize(bars, Shared.Data.DataJson.Default.QualityBars)
        : value is string text && text.StartsWith('{') ? System.Text.Json.Nodes.JsonNode.Parse(text)!.ToJsonString() : value;

    private static bool IsEmpty(object? value) =>
        value is null or "" or 0 or 0L or 0f or 0d or false || value.Equals(Guid.Empty) || value is Array { Length: 0 } || value.Equals(default(DateTimeOffset));

    private static object[] Rows()
    {
        var at = PortalHost.Now();
        Guid[] id = [.. Enumerable.Range(0, 32).Select(_ => PortalHost.NewId())];
        return
        [
            new Organisation { Id = id[0], Slug = "s", Name = "n", TimeZone = "Europe/Rome", DefaultModel = "m", StorePolicy = StorePolicies.Local, CreatedAt = at },
            new Team { Id = id[1], OrganisationId = id[0], Slug = "s", Name = "n", AllowedModels = ["a", "b/*"], AllowedRegions = ["eu-*"], GuardrailLevel = "standard", DefaultModel = "m", ApprovalThresholdNanoUsd = 1, ApprovalAction = ApprovalActions.Cheaper,
                ApprovalModel = "m", CreatedAt = at, ArchivedAt = at },
            new User { Id = id[2], OrganisationId = id[0], Email = "e@x", DisplayName = "d", Role = Roles.Auditor, CreatedAt = at, DisabledAt = at, DisabledReason = RoleSources.Mapping, RoleSource = RoleSources.Mapping,
                IdentityId = id[28] },
            new Identity { Id = id[28], Issuer = "https://idp", Subject = "s", Email = "e@x", EmailVerified = true, DisplayName = "d", Claims = ["groups:g"], CreatedAt = at, SignedInAt = at },
            new SignInMapping { Id = id[29], OrganisationId = id[0], Claim = SignInClaims.Groups, Value = "v", Role = Roles.TeamLead, TeamId = id[1], CreatedAt = at, CreatedBy = "c" },
            new AccessToken
            {
                Id = id[28], OrganisationId = id[0], IdentityId = id[28], ParentId = id[28], Name = "n", Prefix = "p", SecretHash = VirtualKeySecret.Hash("t"), Scopes = ["keys:read"], CreatedAt = at,
                ExpiresAt = at, LastUsedAt = at, RevokedAt = at,
            },
            new RegisteredFeature { Id = id[30], OrganisationId = id[0], Name = "f", Description = "d", OwnerId = id[2], OwnerEmail = "e@x", CreatedAt = at, CreatedBy = "c" },
            new TeamMember { TeamId = id[1], UserId = id[2], IsLead = true },
            new VirtualKey
            {
                Id = id[3], OrganisationId = id[0], TeamId = id[1], OwnerId = id[2], Name = "k", Prefix = "agw-x", SecretHash = VirtualKeySecret.Hash("x"),
                AllowedModels = ["m"], AllowedRegions = ["eu-*"], DefaultModel = "m", Feature = "f", UserId = "u", Agent = "a", Priority = PriorityClasses.Low, HoldPolicy = HoldPolicies.Learned, GuardrailLevel = "strict",
                ApprovalThresholdNanoUsd = 1, ApprovalAction = ApprovalActions.Wait, ApprovalModel = "m", MaxBodyBytes = 1, MaxMultipartBytes = 2, ExpiresAt = at, RevokedAt = at,
                RotatedFromId = id[3], CreatedAt = at, CreatedBy = "c",
            },
            new Provider
            {
                Id = id[4], OrganisationId = id[0], Slug = "p", Name = "n", Protocol = "openai", BaseUrl = "https://x", IsPrivate = true,
                ConnectTimeoutMs = 1, FirstByteTimeoutMs = 2, IdleTimeoutMs = 3, CreatedAt = at,
            },
            new Credential { Id = id[5], OrganisationId = id[0], ProviderId = id[4], Name = "c", SecretEnvelope = [1, 2], Hint = "h", CreatedAt = at, UpdatedAt = at },
            new Deployment
            {
                Id = id[6], OrganisationId = id[0], Name = "d", ProviderId = id[4], CredentialId = id[5], MoreCredentialIds = [id[5], id[4]], UpstreamModel = "u", Region = "eu",
                ContextTokens = 1, MaxOutputTokens = 2, Abilities = ["vision", "prompt_caching"], Breaker = new() { Failures = 3, Reason = "r", ClosedAt = at }, IsEnabled = true, CreatedAt = at,
            },
            new LogicalModel { Id = id[7], OrganisationId = id[0], Name = "m", Description = "d", Strategy = "priority", Reliability = new() { Retries = 1, Fallbacks = [new() { To = "p/m", Status = [503], Timeout = true }] },
                Quality = new(0.9, new Dictionary<string, double> { ["coding"] = 0.7 }), CreatedAt = at,
                Cascade = new() { Steps = [id[6]], Threshold = 0.7, Checks = ["schema"], MinCharacters = 3, Judge = new() { Model = "p/m", Rubric = "r" } } },
            new ModelAlias { OrganisationId = id[0], Name = "a", ModelId = id[7] },
            new ModelDeployment { ModelId = id[7], DeploymentId = id[6], Position = 4, Weight = 5 },
            new PriceVersion
            {
                Id = id[8], OrganisationId = id[0], DeploymentId = id[6], ValidFrom = at, CreatedBy = "c", CreatedAt = at,
                Source = PriceSources.Book, Components = new()
                {
                    Input = 1, CacheRead = 2, CacheWrite = 3, CacheWrite1h = 4, Output = 5, AudioInput = 6, AudioOutput = 7, Second = 8, Character = 9, Search = 10, Request = 11,
                    Steps = [new() { Above = 12, Input = 13 }], Images = [new() { Size = "s", Quality = "q", Price = 14 }],
                    Tiers = [new() { Name = "flex", Output = 15, Steps = [new() { Above = 16, CacheRead = 17 }] }],
                },
            },
            new UsageRecord
            {
                Id = id[9], At = at, RequestId = "r", OrganisationId = id[0], TeamId = id[1], KeyId = id[3], UserId = "u", Feature = "f", Agent = "a", Route = "chat",
                Task = "t", Model = "m", Provider = "p", Deployment = "d", ServedModel = "s", FallbackChain = ["d"], PriceVersionId = id[8], InputTokens = 1,
                CacheReadTokens = 2, CacheWriteTokens = 3, OutputTokens = 4, ReasoningTokens = 5, LatencyUs = 6, TtftUs = 7, OverheadUs = 8,
                Status = UsageStatuses.Ok, StatusCode = 200, Error = "e", CostNanoUsd = 9, Estimated = true, Streamed = true, CacheHit = "exact", SavedNanoUsd = 10, SavedUs = 11, PrefixSavedNanoUsd = -12,
                GuardrailsTriggered = ["g"], Tags = """{"a":"b"}""", Units = """{"images":1}""", ServiceTier = "flex", Feedback = 0.5f,
            },
            new AuditEntry
            {
                Id = id[10], At = at, OrganisationId = id[0], Actor = "a", Action = "x.y", TargetKind = "team", TargetId = id[1], Before = """{"a":1}""",
                After = """{"a":2}""", Revision = 3, RemoteAddress = "::1", Undoes = id[9],
            },
            new QualityVersion { Id = id[30], OrganisationId = id[0], Version = 1, Source = QualitySources.Import, Note = "n", RestoredFrom = 1, CreatedAt = at, CreatedBy = "c" },
            new QualityCell
            {
                VersionId = id[30], Task = "t", Provider = "p", Model = "m", Mean = 0.5, Lower = 0.4, Upper = 0.6, Samples = 7, MeasuredOn = new(2026, 1, 2), Source = QualitySources.Benchmark, SetIn = 1,
            },
            new LearnedQuality { OrganisationId = id[0], Task = "t", Provider = "p", Model = "m", Mean = 0.5, Lower = 0.4, Upper = 0.6, Votes = 7, Users = 2, UpdatedAt = at },
            new FeedbackVote
            {
                Id = id[31], OrganisationId = id[0], KeyId = id[3], RequestId = "r", Name = "n", Source = FeedbackSources.Eval, Score = 0.5, Comment = "c", Tags = """{"a":"b"}""", At = at,
                UsageId = id[9], UsageAt = at, Voter = "u", Task = "t", Provider = "p", Model = "m",
            },
            new PriceBookVersion
            {
                Id = id[11], OrganisationId = id[0], FileName = "f", Sha256 = VirtualKeySecret.Hash("x"), ModelCount = 1, Content = [1], CreatedBy = "c", CreatedAt = at,
            },
            new Limit
            {
                Id = id[12], OrganisationId = id[0], ScopeKind = ScopeKinds.Key, ScopeId = id[3].ToString(), Unit = LimitUnits.Tokens, Amount = 2, Period = LimitPeriods.Hour, Burst = 1,
                OnLimit = LimitActions.Queue, QueueMs = 3, DowngradeModel = "m", CreatedAt = at, CreatedBy = "c",
            },
            new Budget
            {
                Id = id[13], OrganisationId = id[0], ScopeKind = ScopeKinds.Feature, ScopeId = "f", Period = BudgetPeriods.Total, CapNanoUsd = Budget.MaxCapNanoUsd,
                OnExceeded = BudgetActions.Soft, DowngradeModel = "m", Thresholds = [1, 2], CreatedAt = at, CreatedBy = "c",
            },
            new BudgetRaise { Id = id[14], OrganisationId = id[0], BudgetId = id[13], ScopeId = "s", AmountNanoUsd = 1, Until = at, Reason = "r", CreatedAt = at, CreatedBy = "c" },
            new BudgetEvent
            {
                Id = id[15], OrganisationId = id[0], BudgetId = id[13], ScopeKind = ScopeKinds.Feature, ScopeId = "f", WindowStart = at, Threshold = 50, SettledNanoUsd = 1,
                CapNanoUsd = 2, At = at, AnnouncedAt = at,
            },
            new Tier { Id = id[16], OrganisationId = id[0], Name = "n", RequestsPerMinute = 1, TokensPerMinute = 2, Concurrency = 3, CreatedAt = at },
            new TierAssignment { Id = id[17], OrganisationId = id[0], ScopeKind = ScopeKinds.User, ScopeId = "u", TierId = id[16] },
            new KillSwitch { Id = id[18], OrganisationId = id[0], ScopeKind = ScopeKinds.Model, ScopeId = "m", Reason = "r", CreatedAt = at, CreatedBy = "c" },
            new Approval
            {
                Id = id[19], OrganisationId = id[0], TeamId = id[1], KeyId = id[3], RecordId = id[9], Model = "m", UserId = "u", Feature = "f", ExpectedNanoUsd = 1,
                WorstCaseNanoUsd = 2, ThresholdNanoUsd = 3, Status = ApprovalStatuses.Denied, RequestedAt = at, DecidedAt = at, DecidedBy = "d", Reason = "r", Once = true,
                CeilingNanoUsd = 4, ValidUntil = at,
            },
            new Shared.Domain.Guardrails.QuarantinedRequest
            {
                Id = PortalHost.NewId(), OrganisationId = id[0], TeamId = id[1], KeyId = id[3], RecordId = id[9], Operation = "o", Model = "m", UserId = "u", Feature = "f", Agent = "a", Guardrails = ["g"],
                FindingTypes = ["T"], FindingCounts = [2], BodyHash = [1], BodyBytes = 3, Payload = [4], State = "released", CreatedAt = at, Deadline = at, DecidedAt = at, DecidedBy = "d", Note = "n",
                ValidUntil = at, UsedAt = at, AnnouncedAt = at, DecisionAnnouncedAt = at,
            },
            new Webhook { Id = id[20], OrganisationId = id[0], Name = "w", Kind = "slack", Url = "https://x", SecretEnvelope = [1], Events = ["e"], IsEnabled = true, CreatedAt = at },
            new WebhookDelivery
            {
                Id = id[21], OrganisationId = id[0], WebhookId = id[20], EventType = "e", Payload = """{"a":1}""", CreatedAt = at, Attempts = 1, NextAttemptAt = at,
                DeliveredAt = at, LastStatus = 500, LastError = "x",
            },
            new WebhookAttempt
            {
                Id = PortalHost.NewId(), WebhookId = id[20], DeliveryId = id[21], Number = 2, At = at, DurationMs = 3, Status = 500, Error = "x", NextAttemptAt = at, AskedBy = "a",
            },
            new RoutingRule
            {
                Id = PortalHost.NewId(), OrganisationId = id[0], Position = 2, Name = "r", IsEnabled = true, Conditions = "{\"tools\":true}", Action = "{\"model\":\"m\"}", CreatedAt = at, CreatedBy = "c",
            },
            new RoutingTask { Id = PortalHost.NewId(), OrganisationId = id[0], Name = "t", Words = ["w"], Patterns = ["p"], CreatedAt = at, CreatedBy = "c" },
            new ResidencyRule { Id = id[22], OrganisationId = id[0], ScopeKind = ResidencyScopes.DataClass, ScopeId = "health", Regions = ["eu-*"], CreatedAt = at, CreatedBy = "c" },
            new Shared.Domain.Guardrails.GuardrailPolicy
            {
                Id = PortalHost.NewId(), OrganisationId = id[0], ScopeKind = "team", ScopeId = id[1].ToString(), CreatedAt = at, CreatedBy = "c",
                Settings = new()
                {
                    Secrets = new() { Level = "off", Restore = false },
                    PromptInjection = new() { Level = "standard", Action = "reroute", RestrictedModel = "m", QuarantineHours = 8 },
                    BannedPatterns = new() { Level = "strict", Action = "block", ReplyAction = "mask", OnError = "open", TimeLimitMs = 7, ExceptTypes = ["X"], Words = ["w"], Patterns = ["p"] },
                },
            },
            new Shared.Domain.Content.ContentPolicy
            {
                Id = PortalHost.NewId(), OrganisationId = id[0], ScopeKind = "team", ScopeId = id[1].ToString(), CreatedAt = at, CreatedBy = "c",
                Settings = new() { Keep = "both", Text = "sent", RetentionDays = 7, Sample = 0.5, MaxBytes = 2_048, Required = true, Traces = true },
            },
            new Shared.Domain.Anomalies.AnomalyPolicy
            {
                Id = PortalHost.NewId(), OrganisationId = id[0], ScopeKind = "key", ScopeId = id[3].ToString(), CreatedAt = at, CreatedBy = "c",
                Settings = new() { OnAnomaly = "throttle", RequestsPerMinute = 60, OfUsual = 0.5, Minutes = 7 },
            },
            new Shared.Domain.Anomalies.KeyBrake
            {
                Id = PortalHost.NewId(), OrganisationId = id[0], KeyId = id[3], AlertId = PortalHost.NewId(), Kind = "throttle", RequestsPerMinute = 60, Reason = "r", CreatedAt = at, Until = at, EndedAt = at, EndedBy = "e",
            },
            new Shared.Domain.Caching.CachePolicy
            {
                Id = PortalHost.NewId(), OrganisationId = id[0], ScopeKind = "key", ScopeId = id[3].ToString(), CreatedAt = at, CreatedBy = "c",
                Settings = new() { Mode = "exact", Scope = "user", TtlSeconds = 60, MaxEntryBytes = 2_048, ServeStaleSeconds = 30, Temperature = "zero", Tools = true, Prefix = "auto", PrefixTtl = "1h", PrefixMinTokens = 2_048 },
            },
            new Shared.Domain.Guardrails.GuardrailCheck
            {
                Id = PortalHost.NewId(), OrganisationId = id[0], Name = "k", Kind = "chat", Url = "https://x", Model = "m", IsPrivate = true, SecretEnvelope = [1], TimeLimitMs = 7, OnError = "open", AppliesTo = "both", MaxCharacters = 9,
                Regions = ["eu-1"], CreatedAt = at, CreatedBy = "c",
            },
            new Canary
            {
                Id = id[25], OrganisationId = id[0], Model = "m", DeploymentId = id[6], Sticky = CanaryStickiness.Request, Shares = [100, 10_000], DwellSeconds = [60, 1], MinRequests = 7,
                MaxErrorIncrease = 0.1, MaxLatencyRatio = 2, MaxCostRatio = 3, MaxQualityDrop = 0.2, Status = CanaryStatuses.Aborted, Reason = "r", CreatedAt = at, CreatedBy = "c",
                EndedAt = at, EndedBy = "e",
            },
            new Pin
            {
                Id = id[23], OrganisationId = id[0], ScopeKind = PinScopes.Feature, ScopeId = "f", Model = "m", DeploymentId = id[6], Version = "v", ServedAs = "s",
                OnUnavailable = PinPolicies.Allow, CreatedAt = at, CreatedBy = "c",
            },
            new BenchmarkSet { Id = id[26], OrganisationId = id[0], Name = "b", Task = "coding", Metrics = [BenchmarkMetrics.Exact], SampleCount = 1, Bytes = 2, CreatedAt = at, CreatedBy = "c" },
            new BenchmarkSamples { SetId = id[26], Lines = "l" },
            new BenchmarkRun
            {
                Id = id[27], OrganisationId = id[0], SetId = id[26], Metric = BenchmarkMetrics.Rubric, Models = ["m", "p/m"], Judge = "j", TeamId = id[1], KeyId = id[3], KeyEnvelope = [1],
                SampleCount = 1, MaxTokens = 2, Concurrency = 3, KeepReplies = true, Estimate = """{"a":1}""", ExpectedNanoUsd = 4, WorstNanoUsd = 5, CeilingNanoUsd = 6, SpentNanoUsd = 7, Done = 8,
                Status = BenchmarkStatuses.Done, Reason = "r", LeaseOwner = id[27], LeaseUntil = at, CreatedAt = at, CreatedBy = "c", StartedAt = at, EndedAt = at, PublishedAt = at,
                PublishedBy = "p",
            },
            new SteeringEvent
            {
                Id = id[24], OrganisationId = id[0], Type = SteeringEvents.PinMismatch, SubjectId = id[23], Occurrence = "o", Detail = """{"a":1}""", At = at, AnnouncedAt = at,
            },
            new ConfigurationChange { Revision = 3, Kind = "team", EntityId = id[1], OrganisationId = id[0], At = at },
        ];
    }
}
