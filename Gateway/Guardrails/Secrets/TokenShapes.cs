using static AspireGateway.Gateway.Guardrails.Secrets.SecretTypes;
using static AspireGateway.Gateway.Guardrails.Secrets.TokenAlphabet;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>The tokens that tell by their prefix what they are, as their vendors document them. A longer prefix stands before the shorter one that it begins with.</summary>
internal static class TokenShapes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TokenShape> All { get; } =
    [
        new("AKIA", AwsAccessKey, Upper, 16, 16), new("ASIA", AwsAccessKey, Upper, 16, 16), new("ABIA", AwsAccessKey, Upper, 16, 16), new("ACCA", AwsAccessKey, Upper, 16, 16),
        new("AIza", GoogleApiKey, UrlSafe, 35, 35), new("GOCSPX-", GoogleToken, UrlSafe, 28, 28), new("ya29.", GoogleToken, UrlSafe, 30, 400), new("1//0", GoogleToken, UrlSafe, 40, 120), new("AQ.Ab", GoogleApiKey, UrlSafe, 40, 60),
        new("ghp_", GitHubToken, Alphanumeric, 36, 36), new("gho_", GitHubToken, Alphanumeric, 36, 36), new("ghu_", GitHubToken, Alphanumeric, 36, 36), new("ghs_", GitHubToken, Dotted, 36, 700),
        new("ghr_", GitHubToken, Alphanumeric, 36, 76), new("github_pat_", GitHubToken, UrlSafe, 60, 100),
        new("glpat-", GitLabToken, Dotted, 20, 60), new("gldt-", GitLabToken, UrlSafe, 20, 40), new("glptt-", GitLabToken, UrlSafe, 40, 40), new("glrt-", GitLabToken, Dotted, 20, 60), new("glcbt-", GitLabToken, UrlSafe, 20, 40),
        new("glsoat-", GitLabToken, UrlSafe, 20, 40), new("glagent-", GitLabToken, UrlSafe, 40, 60), new("gloas-", GitLabToken, UrlSafe, 60, 70), new("GR1348941", GitLabToken, UrlSafe, 20, 24),
        new("ATBB", AtlassianToken, Alphanumeric, 28, 36), new("ATATT3", AtlassianToken, Base64, 100, 220), new("ATCTT3", AtlassianToken, Base64, 100, 220),
        new("xoxb-", SlackToken, UrlSafe, 20, 120), new("xoxp-", SlackToken, UrlSafe, 20, 120), new("xoxa-", SlackToken, UrlSafe, 20, 200), new("xoxr-", SlackToken, UrlSafe, 20, 200), new("xoxs-", SlackToken, UrlSafe, 20, 200),
        new("xoxe.", SlackToken, Dotted, 30, 260), new("xoxe-", SlackToken, UrlSafe, 30, 260), new("xoxc-", SlackToken, UrlSafe, 30, 160), new("xapp-", SlackToken, UrlSafe, 40, 160),
        new("sk_live_", StripeKey, Alphanumeric, 16, 248), new("sk_test_", StripeKey, Alphanumeric, 16, 248), new("rk_live_", StripeKey, Alphanumeric, 16, 248), new("rk_test_", StripeKey, Alphanumeric, 16, 248),
        new("whsec_", StripeKey, Base64, 24, 90),
        new("sq0atp-", PaymentToken, UrlSafe, 22, 22), new("sq0csp-", PaymentToken, UrlSafe, 43, 43), new("sq0idp-", PaymentToken, UrlSafe, 22, 22), new("EAAA", PaymentToken, UrlSafe, 60, 64),
        new("access_token$production$", PaymentToken, DollarSafe, 40, 60), new("access_token$sandbox$", PaymentToken, DollarSafe, 40, 60), new("FLWSECK-", PaymentToken, UrlSafe, 12, 60), new("FLWSECK_TEST-", PaymentToken, UrlSafe, 12, 60),
        new("EZAK", PaymentToken, Alphanumeric, 54, 54), new("EZTK", PaymentToken, Alphanumeric, 54, 54), new("rzp_live_", PaymentToken, Alphanumeric, 14, 14), new("sk_prod_", PaymentToken, Alphanumeric, 16, 100), new("duffel_live_", PaymentToken, UrlSafe, 40, 50),
        new("sk-ant-", ModelVendorKey, UrlSafe, 40, 130), new("sk-or-v1-", ModelVendorKey, Hex, 64, 64), new("sk-proj-", ModelVendorKey, UrlSafe, 40, 220), new("sk-svcacct-", ModelVendorKey, UrlSafe, 40, 220),
        new("sk-admin-", ModelVendorKey, UrlSafe, 40, 220), new("sk-None-", ModelVendorKey, UrlSafe, 40, 220), new("sk-", ModelVendorKey, UrlSafe, 32, 220), new("sess-", ModelVendorKey, Alphanumeric, 40, 40),
        new("hf_", ModelVendorKey, Alphanumeric, 34, 40), new("api_org_", ModelVendorKey, Alphanumeric, 34, 34), new("gsk_", ModelVendorKey, Alphanumeric, 40, 60), new("r8_", ModelVendorKey, Alphanumeric, 37, 40),
        new("pplx-", ModelVendorKey, Alphanumeric, 40, 64), new("xai-", ModelVendorKey, Alphanumeric, 60, 90), new("nvapi-", ModelVendorKey, UrlSafe, 60, 70), new("fw_", ModelVendorKey, Alphanumeric, 22, 24),
        new("lsv2_pt_", ModelVendorKey, UrlSafe, 40, 50), new("lsv2_sk_", ModelVendorKey, UrlSafe, 40, 50), new("tgp_v1_", ModelVendorKey, UrlSafe, 40, 50), new("csk-", ModelVendorKey, Alphanumeric, 40, 60), new("jina_", ModelVendorKey, UrlSafe, 50, 70),
        new("pcsk_", ModelVendorKey, UrlSafe, 60, 80), new("tvly-", ModelVendorKey, UrlSafe, 30, 50), new("key_live_", ModelVendorKey, Alphanumeric, 20, 60),
        new("npm_", RegistryToken, Alphanumeric, 36, 36), new("pypi-", RegistryToken, UrlSafe, 80, 260), new("oy2", RegistryToken, Lower, 43, 43), new("rubygems_", RegistryToken, Hex, 48, 48), new("cio", RegistryToken, Alphanumeric, 32, 32),
        new("dckr_pat_", RegistryToken, UrlSafe, 27, 36), new("dckr_oat_", RegistryToken, UrlSafe, 32, 36), new("AKCp", RegistryToken, Alphanumeric, 69, 72), new("cmVmdGtuO", RegistryToken, Alphanumeric, 50, 60),
        new("SG.", MessagingKey, Dotted, 66, 66), new("key-", MessagingKey, Hex, 32, 32), new("xkeysib-", MessagingKey, UrlSafe, 80, 90), new("xsmtpsib-", MessagingKey, UrlSafe, 80, 90), new("re_", MessagingKey, UrlSafe, 30, 36), new("NRAK-", PlatformToken, Upper, 27, 27),
        new("SK", MessagingKey, Hex, 32, 32), new("PMAK-", PlatformToken, UrlSafe, 59, 59), new("mlsn.", MessagingKey, Hex, 64, 64),
        new("sntrys_", PlatformToken, Base64, 60, 300), new("sntryu_", PlatformToken, Hex, 64, 64), new("dapi", PlatformToken, HexDash, 32, 34), new("hvs.", PlatformToken, UrlSafe, 24, 120), new("hvb.", PlatformToken, UrlSafe, 60, 300), new("hvr.", PlatformToken, UrlSafe, 24, 300),
        new("s.", PlatformToken, Alphanumeric, 24, 24), new("dop_v1_", PlatformToken, Hex, 64, 64), new("doo_v1_", PlatformToken, Hex, 64, 64), new("dor_v1_", PlatformToken, Hex, 64, 64), new("v1.0-", PlatformToken, UrlSafe, 160, 200),
        new("glsa_", PlatformToken, UrlSafe, 41, 41), new("glc_", PlatformToken, Base64, 32, 400), new("lin_api_", PlatformToken, Alphanumeric, 40, 40), new("ntn_", PlatformToken, Alphanumeric, 40, 50), new("figd_", PlatformToken, UrlSafe, 40, 50),
        new("dp.pt.", PlatformToken, Alphanumeric, 40, 44), new("dp.st.", PlatformToken, Dotted, 40, 60), new("pul-", PlatformToken, Hex, 40, 40), new("sbp_", PlatformToken, Hex, 40, 40), new("sb_secret_", PlatformToken, UrlSafe, 30, 42), new("nfp_", PlatformToken, Alphanumeric, 36, 40), new("fo1_", PlatformToken, UrlSafe, 43, 43),
        new("FlyV1 ", PlatformToken, Base64, 60, 700), new("AGE-SECRET-KEY-1", PlatformToken, Upper, 58, 58), new("HRKU-", PlatformToken, UrlSafe, 36, 64), new("pscale_tkn_", PlatformToken, Dotted, 32, 64), new("pscale_pw_", PlatformToken, Dotted, 32, 64),
        new("CFPAT-", PlatformToken, UrlSafe, 43, 43), new("sgp_", PlatformToken, UrlSafe, 40, 60), new("tskey-", PlatformToken, UrlSafe, 20, 80), new("squ_", PlatformToken, Hex, 40, 40), new("sqp_", PlatformToken, Hex, 40, 40), new("sqa_", PlatformToken, Hex, 40, 40),
        new("tfp_", PlatformToken, Dotted, 44, 59), new("dt0c01.", PlatformToken, Dotted, 80, 100), new("rdme_", PlatformToken, Alphanumeric, 70, 70), new("pnu_", PlatformToken, Alphanumeric, 36, 36), new("ddp_", PlatformToken, Alphanumeric, 30, 50), new("phc_", PlatformToken, Alphanumeric, 40, 50), new("phx_", PlatformToken, Alphanumeric, 40, 50),
        new("CCIPAT_", PlatformToken, UrlSafe, 60, 70), new("bkua_", PlatformToken, Hex, 40, 40), new("ops_", PlatformToken, Base64, 200, 1000), new("vercel_", PlatformToken, Alphanumeric, 24, 60), new("vcp_", PlatformToken, Alphanumeric, 40, 60), new("cfut_", PlatformToken, Alphanumeric, 40, 60), new("cfat_", PlatformToken, Alphanumeric, 40, 60),
        new("shpat_", ShopifyToken, Hex, 32, 32), new("shpca_", ShopifyToken, Hex, 32, 32), new("shppa_", ShopifyToken, Hex, 32, 32), new("shpss_", ShopifyToken, Hex, 32, 32),
        new("agw-", GatewayKey, UrlSafe, 32, 32),
    ];
}
