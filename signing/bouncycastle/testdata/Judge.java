import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Lets BouncyCastle judge what we made, and make what we judge. It reads a job a line: its name and its fields in base64, with tabs between
 * them. To each it answers with a line: "good" or "bad", a tab, and what there is to say, which is base64 where something was made.
 */
final class Judge {
    /** What a job does with its fields; an exception is a refusal. */
    interface Job {
        String run(Fields fields) throws Exception;
    }

    /** BouncyCastle found something wrong. */
    static final class Refused extends Exception {
        Refused(String why) {
            super(why);
        }
    }

    /** The fields of a job, read in their order. */
    static final class Fields {
        private final String[] parts;
        private int next = 1; // behind the name

        Fields(String line) {
            parts = line.split("\t", -1);
        }

        boolean more() {
            return next < parts.length;
        }

        byte[] bytes() {
            return Base64.getDecoder().decode(parts[next++]);
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        Date time() {
            return Date.from(Instant.parse(text()));
        }
    }

    private static final Map<String, Job> JOBS = Map.ofEntries(
            Map.entry("message", Messages::judge),
            Map.entry("sign", Messages::sign),
            Map.entry("certificate", Certificates::judge),
            Map.entry("path", Certificates::judgePath),
            Map.entry("list", Certificates::judgeList),
            Map.entry("answer", Answers::judge),
            Map.entry("stamp", Stamps::judge),
            Map.entry("make-stamp", Stamps::make),
            Map.entry("open-keys", KeyFiles::open),
            Map.entry("write-keys", KeyFiles::write));

    static void require(boolean holds, String what) throws Refused {
        if (!holds) {
            throw new Refused(what);
        }
    }

    static String made(byte[] what) {
        return Base64.getEncoder().encodeToString(what);
    }

    private static String answer(String line) {
        Job job = Objects.requireNonNull(JOBS.get(line.split("\t", 2)[0]), "no such job"); // ends the program
        try {
            return "good\t" + job.run(new Fields(line));
        } catch (Refused e) {
            return "bad\t" + e.getMessage();
        } catch (Exception | StackOverflowError e) { // BouncyCastle does not bound the depth
            return "bad\t" + String.valueOf(e).replaceAll("\\s+", " ");
        }
    }

    public static void main(String[] arguments) throws IOException {
        Security.addProvider(new BouncyCastleProvider());
        BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            answers.println(answer(line));
        }
    }
}
